"""The small lines of tiles: of few points, unless a chart of the page needs more of the same metric anyway."""

from collections.abc import Callable, Sequence

from observatory.stats.summary import Summary
from reports.panels.asked import Asked

SPARK_POINTS = 60
Line = Sequence[float | None]


def line_of(
    asked: Asked, name: str, figure: Callable[[Summary], float | None], *, most_points: int, empty: float | None = None
) -> Line:
    """A figure of each step that needs no bins, `empty` where there are no facts."""
    points = asked.points(name, most_points=most_points, is_plain=True).get((), [])
    level = asked.level(name, most_points=most_points, is_plain=True)
    return [mark.value for mark in asked.line("", points, figure, level=level, empty=empty).marks]


def means(asked: Asked, name: str) -> Line:
    return line_of(asked, name, lambda summary: summary.mean, most_points=SPARK_POINTS)
