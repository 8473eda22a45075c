"""The quality of the last hour: what a judge says, else the lexical estimate; never a mixture."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from feedback.metrics.judged import JUDGED
from observatory.metrics import catalogue, series
from observatory.metrics.levels import LEVELS
from observatory.metrics.series import Window
from observatory.metrics.words import share
from observatory.stats.summary import Summary
from reports.panels.content import Link, Tile

HOUR = timedelta(hours=1)
MINUTE = LEVELS[0]
FEWEST = 5
ESTIMATE = "quality.estimate"
PASSED = {f"quality.{one.key}_passed": one.title for one in JUDGED}
BOARD = Link("board", {"name": "quality"})


@dataclass(frozen=True, slots=True)
class Quality:
    """Summaries of the last hour: of the estimates, and of what passed by the title of what was judged."""

    estimate: Summary
    passed: Sequence[tuple[str, Summary]]


def read_quality(project_id: int, *, now: datetime) -> Quality:
    """From the buckets of minutes, in two queries."""
    metrics = [catalogue.metric(name) for name in (ESTIMATE, *PASSED)]
    window = Window(now - HOUR, now)
    found = series.totals(metrics, project_id=project_id, window=window, level=MINUTE, where={})
    return Quality(found.get(ESTIMATE, Summary()), [(PASSED[name], one) for name, one in found.items() if name in PASSED])


def quality_tile(quality: Quality) -> Tile:
    told = [(title, one) for title, one in quality.passed if one.n >= FEWEST]
    if told:
        title, passed = max(told, key=lambda one: one[1].n)
        note = f"{title.lower()}, judged; last 60 min"
        return Tile("Quality", share(passed.mean or 0.0), n=passed.n, note=note, link=BOARD)
    estimate = quality.estimate
    if estimate.n < FEWEST or estimate.mean is None:
        reason = f"{estimate.n} scores are too few: it takes {FEWEST} in 60 min." if estimate.n else "No score in 60 min."
        return Tile("Quality", "–", reason=reason, link=BOARD)
    return Tile("Quality", f"{estimate.mean:.2f}", n=estimate.n, note="lexical estimate (no model); last 60 min", link=BOARD)
