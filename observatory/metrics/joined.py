"""Steps of lines joined to longer ones, where single steps hold too few values for a quantile."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from observatory.metrics.levels import Level
from observatory.metrics.series import Point
from observatory.stats.enough import needed
from observatory.stats.summary import merge

TIMES = (1, 2, 3, 4, 6, 8, 12)  # how many steps are drawn as one
FEWEST_STEPS = 6
UNITS = ((86_400, "day", "days"), (3_600, "hour", "hours"), (60, "minute", "minutes"))
GAPS = f"A gap in a line: too few values came in that time; a p95 takes {needed(0.95)}, a p50 {needed(0.5)}."


def joined(lines: Iterable[Sequence[Point]], level: Level, *, steps: int) -> Level:
    """The level whose steps are drawn as one: half of those with values have enough of them for a p95, where at least
    FEWEST_STEPS of the `steps` remain."""
    least, lines = needed(0.95), list(lines)
    fits = [times for times in TIMES if times == 1 or steps / times >= FEWEST_STEPS]
    for times in fits:
        counts = sorted(_counts(lines, level.seconds * times))
        if counts and counts[len(counts) // 2] >= least:
            return replace(level, seconds=level.seconds * times)
    return replace(level, seconds=level.seconds * fits[-1])


def _counts(lines: Iterable[Sequence[Point]], step_s: int) -> list[int]:
    counts: dict[tuple[int, int], int] = defaultdict(int)
    for number, line in enumerate(lines):
        for point in line:
            counts[number, int(point.start.timestamp()) // step_s] += point.summary.n
    return list(counts.values())


def wider(points: Sequence[Point], level: Level) -> list[Point]:
    """The points in the steps of `level`, which are as long as theirs or longer."""
    if points and points[0].seconds == level.seconds:
        return list(points)
    at: dict[int, list[Point]] = defaultdict(list)
    for point in points:
        at[level.start_of(point.start.timestamp())].append(point)
    return [
        Point(datetime.fromtimestamp(start, UTC), level.seconds, merge(one.summary for one in same))
        for start, same in sorted(at.items())
    ]


def step_words(seconds: int) -> str:
    """How long a step is, as follows "for each": minute, 5 minutes, hour, 4 hours, day."""
    size, one, many = next((unit for unit in UNITS if seconds % unit[0] == 0), (1, "second", "seconds"))
    return one if seconds == size else f"{seconds // size} {many}"
