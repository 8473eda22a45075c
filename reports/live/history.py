"""The last hour minute by minute, and how the machine is: from buckets, read every few seconds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from observatory.metrics import catalogue, series
from observatory.metrics.levels import LEVELS
from observatory.metrics.series import Window
from observatory.stats.enough import told_quantile
from observatory.stats.summary import Summary, merge
from reports.live.figures import open_since
from reports.live.quality import Quality, read_quality

MINUTES = 60
MINUTE = LEVELS[0]
MACHINE_SEEN = timedelta(minutes=5)
PARTS = {"cpu": "CPU", "memory": "memory", "disk": "disk"}
Line = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class History:
    """Each line has a figure for each of the last MINUTES closed minutes. `machine` is the worst score (ledger M5)."""

    counts: Line
    error_shares: Line
    p95: Line
    tokens: Line
    costs: Line
    machine: float | None
    machine_parts: str
    quality: Quality

    @property
    def count(self) -> float:
        return sum(one or 0 for one in self.counts)

    @property
    def cost_usd(self) -> float:
        """Of an hour less the minute that is open."""
        return sum(one or 0 for one in self.costs[1:])


def read_history(project_id: int, *, now: datetime) -> History:
    end = open_since(now)
    window = Window(end - timedelta(minutes=MINUTES), end)

    def line(name: str, figure: Callable[[Summary], float | None], empty: float | None = None) -> Line:
        found = series.points(catalogue.metric(name), project_id=project_id, window=window, level=MINUTE).get((), [])
        at = {point.start: point.summary for point in found}
        starts = (window.start + timedelta(minutes=number) for number in range(MINUTES))
        return [figure(at[start]) if start in at else empty for start in starts]

    def total(summary: Summary) -> float:
        return summary.total

    tokens = [line(f"interactions.{kind}_tokens", total, 0.0) for kind in ("input", "output")]
    machine, machine_parts = machine_of(project_id, now=now)
    return History(
        counts=line("interactions.count", total, 0.0),
        error_shares=line("interactions.error_rate", lambda one: one.mean),
        p95=line("interactions.latency", lambda one: told_quantile(one, 0.95)),
        tokens=[(one or 0) + (other or 0) for one, other in zip(*tokens, strict=True)],
        costs=line("interactions.cost", total, 0.0),
        machine=machine,
        machine_parts=machine_parts,
        quality=read_quality(project_id, now=now),
    )


def machine_of(project_id: int, *, now: datetime) -> tuple[float | None, str]:
    """The score of the worst machine, of Observatory's own where the project reports none, and what it is made of."""
    scores = {host: one.last for host, one in _machines("system.health_score", project_id, now).items()}
    known = [(score, host) for host, score in scores.items() if score is not None]
    if not known:
        return None, ""
    score, host = min(known)
    is_own = series.owner_of(catalogue.metric("system.health_score"), project_id) != project_id
    parts = ["Observatory’s own machine"] if is_own else []
    for name, word in PARTS.items():
        used = _machines(f"system.{name}", project_id, now).get(host)
        if used is not None and used.last is not None:
            parts.append(f"{word} {used.last:.0f} %")
    return score, ", ".join(parts)


def _machines(name: str, project_id: int, now: datetime) -> dict[tuple[str, ...], Summary]:
    window = Window(now - MACHINE_SEEN, now + timedelta(minutes=1))
    points = series.points(catalogue.metric(name), project_id=project_id, window=window, by=("host",), level=MINUTE)
    return {labels: merge(point.summary for point in line) for labels, line in points.items()}
