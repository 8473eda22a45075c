"""What is usual: the times of like stages and interactions in the days up to a trace, read from the buckets of days.

Peers of a span are spans of the same kind and name; those of an interaction, interactions of the same model. Their days
are whole, in UTC, and the last one is that of the trace. With fewer than MIN_PEERS nothing is said.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from observatory.core.formats import duration
from observatory.metrics.catalogue import OTHER, metric
from observatory.metrics.levels import LEVELS
from observatory.metrics.series import Window, summaries, totals
from observatory.stats.summary import Summary

DAY = LEVELS[3]
DAYS = 7
MIN_PEERS = 30
SLOW_TIMES = 1.5  # the usual time; and above the p95 of the peers
SLOW_MS = 100.0  # at least so much more than usual: who waits does not notice less
STAGES = {
    "latency_ms": "interactions.latency",
    "retrieval_ms": "interactions.retrieval_time",
    "generation_ms": "interactions.generation_time",
    "time_to_first_token_ms": "interactions.time_to_first_token",
}
UNNAMED = "unknown"
MANY = 10  # times, from which on tenths say nothing

EARLIEST, LATEST = datetime(1971, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Usual:
    """The p50 and p95 of `n` peers, in ms."""

    p50: float
    p95: float
    n: int

    def times(self, ms: float) -> float | None:
        """How many times as long as usual; None where the usual is nothing."""
        return ms / self.p50 if self.p50 > 0 else None

    def says(self, ms: float) -> str:
        """How many times as long as usual, with what is usual; "" of a time that is not slow."""
        times = self.times(ms) if self.is_slow(ms) else None
        if times is None:
            return ""
        number = f"{times:,.1f}" if times < MANY else f"{times:,.0f}"
        return f"{number} × usual ({duration(self.p50)})"

    def is_slow(self, ms: float) -> bool:
        return ms > self.p95 and ms >= self.p50 * SLOW_TIMES and ms - self.p50 >= SLOW_MS


def peer_window(at: datetime) -> Window:
    """The DAYS whole days up to the one of `at`. Clients send times of any year; beyond these there are no peers."""
    day = datetime.combine(min(max(at, EARLIEST), LATEST).astimezone(UTC), datetime.min.time(), UTC)
    return Window(day - timedelta(days=DAYS - 1), day + timedelta(days=1))


def usual_spans(project_id: int, wanted: Iterable[tuple[str, str]], *, at: datetime) -> dict[tuple[str, ...], Usual]:
    """What is usual for spans by `(kind, name)`. A name that is not told apart (see the caps of labels) has no peers."""
    only = {(kind, name or UNNAMED) for kind, name in wanted if name != OTHER}
    if not only:
        return {}
    found = summaries(
        metric("spans.duration"), project_id=project_id, window=peer_window(at), by=("kind", "name"), only=only, level=DAY
    )
    return {labels: usual for labels, summary in found.items() if (usual := usual_of(summary))}


def usual_stages(project_id: int, model: str | None, *, at: datetime) -> dict[str, Usual]:
    """What is usual for the interactions of a model, by the names of STAGES."""
    found = totals(
        [metric(name) for name in STAGES.values()],
        project_id=project_id,
        window=peer_window(at),
        where={"model": model or UNNAMED},
        level=DAY,
    )
    known = {stage: usual_of(found[name]) for stage, name in STAGES.items() if name in found}
    return {stage: usual for stage, usual in known.items() if usual}


def usual_of(summary: Summary) -> Usual | None:
    p50, p95 = summary.quantile(0.5), summary.quantile(0.95)
    if summary.n < MIN_PEERS or p50 is None or p95 is None:
        return None
    return Usual(p50, p95, summary.n)
