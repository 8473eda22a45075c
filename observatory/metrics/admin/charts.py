"""Geometry of charts: figures in, paths of an SVG out. Pure; the template draws it, the style sheet colours it.

Axis labels stand outside of the SVG, which is stretched to its box; so text stays readable at any width.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

WIDTH, HEIGHT = 1_000, 200
SPARK_WIDTH, SPARK_HEIGHT = 120, 28
INTERVALS = 4
MOST_HOVERS = 300
NICE = (1, 2, 2.5, 5, 10)
Figure = float | None


@dataclass(frozen=True, slots=True)
class Line:
    """`path`, `dots` (of lone points) and `area` are SVG path data; `number` chooses the colour."""

    name: str
    number: int
    path: str
    dots: str
    area: str


@dataclass(frozen=True, slots=True)
class Hover:
    """A column of the chart, with what it says when it is pointed at."""

    x: float
    width: float
    title: str


@dataclass(frozen=True, slots=True)
class Chart:
    lines: list[Line]
    y_ticks: list[str]  # from the top
    x_ticks: list[str]
    hovers: list[Hover]


def chart(
    lines: Sequence[tuple[str, Sequence[Figure]]],
    *,
    start: datetime,
    step_s: int,
    say: Callable[[float], str],
) -> Chart:
    """Draw lines of figures, one for each step from `start`; None is a gap."""
    low, step = scale([figure for _, figures in lines for figure in figures if figure is not None])
    high = low + INTERVALS * step
    steps = max((len(figures) for _, figures in lines), default=0)
    moments = [datetime.fromtimestamp(start.timestamp() + place * step_s, UTC) for place in range(steps + 1)]
    return Chart(
        lines=[
            Line(name, number, *_paths(figures, low, high, steps)) for number, (name, figures) in enumerate(lines, start=1)
        ],
        y_ticks=[say(low + place * step) for place in range(INTERVALS, -1, -1)],
        x_ticks=_x_ticks(moments),
        hovers=_hovers(lines, moments, say) if steps <= MOST_HOVERS else [],
    )


def spark(figures: Sequence[Figure]) -> str:
    """The path of a small line; "" of no figures."""
    known = [figure for figure in figures if figure is not None]
    if not any(known):
        return ""
    low, high = min(0.0, *known), max(known)
    high = high if high > low else low + 1
    runs = _runs(figures, low, high, len(figures), width=SPARK_WIDTH, height=SPARK_HEIGHT - 4, top=2)
    return " ".join(_line(run) for run in runs)


def scale(figures: Sequence[float]) -> tuple[float, float]:
    """Return the lowest tick and the distance of ticks, so that INTERVALS of them hold all figures and zero."""
    low, high = min([0.0, *figures]), max([0.0, *figures])
    step = _nice((high - low) / INTERVALS or 0.25)
    low = math.floor(low / step) * step
    while low + INTERVALS * step < high:
        step = _nice(step * 1.01)
        low = math.floor(min([0.0, *figures]) / step) * step
    return low, step


def _nice(size: float) -> float:
    """The next number not below `size` that people count in."""
    power = 10.0 ** math.floor(math.log10(size))
    return next((one * power for one in NICE if one * power >= size * 0.999999), 10 * power)


def _paths(figures: Sequence[Figure], low: float, high: float, steps: int) -> tuple[str, str, str]:
    """The line through the figures, broken at gaps; the points that have no neighbour; the area below it all."""
    runs = _runs(figures, low, high, steps, width=WIDTH, height=HEIGHT)
    base = round(HEIGHT * (1 - (0 - low) / (high - low)), 1)
    path = " ".join(_line(run) for run in runs if len(run) > 1)
    dots = " ".join(_line(run) for run in runs if len(run) == 1)
    area = " ".join(f"{_line(run)} L{run[-1][0]:g} {base:g} L{run[0][0]:g} {base:g} Z" for run in runs if len(run) > 1)
    return path, dots, area


def _runs(
    figures: Sequence[Figure], low: float, high: float, steps: int, *, width: int, height: int, top: int = 0
) -> list[list[tuple[float, float]]]:
    """The places of figures that follow each other without a gap."""
    runs: list[list[tuple[float, float]]] = [[]]
    for place, figure in enumerate(figures):
        if figure is None:
            runs.append([])
            continue
        x = (place + 0.5) * width / steps
        runs[-1].append((round(x, 1), round(top + height * (1 - (figure - low) / (high - low)), 1)))
    return [run for run in runs if run]


def _line(run: Sequence[tuple[float, float]]) -> str:
    if len(run) == 1:  # a lone point is a dot, which its round cap draws
        return f"M{run[0][0]:g} {run[0][1]:g} h0.01"
    return "M" + " L".join(f"{x:g} {y:g}" for x, y in run)


def _x_ticks(moments: Sequence[datetime]) -> list[str]:
    if len(moments) < 2:
        return []
    span = (moments[-1] - moments[0]).total_seconds()
    form = "%H:%M" if span <= 100_000 else "%d %b %H:%M" if span <= 400_000 else "%d %b"
    seconds = [moments[0].timestamp() + span * place / INTERVALS for place in range(INTERVALS + 1)]
    return [datetime.fromtimestamp(one, UTC).strftime(form) for one in seconds]


def _hovers(
    lines: Sequence[tuple[str, Sequence[Figure]]], moments: Sequence[datetime], say: Callable[[float], str]
) -> list[Hover]:
    steps = len(moments) - 1
    width = WIDTH / steps if steps else 0
    found = []
    for place in range(steps):
        told = [(name, figures[place]) for name, figures in lines if place < len(figures)]
        words = [f"{name}: {say(figure)}" for name, figure in told if figure is not None]
        title = "\n".join([f"{moments[place]:%d %b %H:%M} UTC", *(words or ["no values"])])
        found.append(Hover(round(place * width, 2), round(width, 2), title))
    return found
