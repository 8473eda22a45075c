"""How long answers took: spread and through time."""

from collections.abc import Mapping

from observatory.charts.histogram import Bin, histogram
from observatory.charts.lines import line_chart
from observatory.charts.marks import Mark, TimeLine
from observatory.core import formats
from observatory.metrics.joined import GAPS, joined, step_words, wider
from observatory.metrics.levels import Level
from observatory.metrics.series import Point
from observatory.stats.enough import needed, told_quantile
from observatory.stats.sketch import edges_of
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Content

LATENCY = "interactions.latency"
COLUMNS = 28
NOTHING = "No response time was measured in this time. Send latency_ms with an interaction, or spans with an end."


def spread(asked: Asked) -> Content:
    whole = asked.summary(LATENCY)
    if not whole.n:
        return Content(reason=NOTHING)
    rules = [(f"p{q * 100:.0f}", value) for q in (0.5, 0.95) if (value := told_quantile(whole, q))]
    bins = log_bins(whole.bins, columns=COLUMNS)
    left_out = whole.n - sum(n for _, _, n in bins)
    said = " · ".join(f"{name} {formats.duration(value)}" for name, value in rules) or "too few for a p50"
    return Content(
        chart=histogram(
            [_bin(asked, low, high, n) for low, high, n in bins],
            unit="ms",
            say=formats.duration,
            is_log=True,
            rules=rules,
            description=f"Response times of {whole.n:,} interactions: {said}.",
        )
        if bins
        else None,
        words=f"{left_out:,} took no measurable time and are left out." if left_out else "",
        n=whole.n,
        link=drill.interactions(asked),
    )


def _bin(asked: Asked, low: float, high: float, n: int) -> Bin:
    query = drill.query(asked, min_latency_ms=f"{low:.6g}", max_latency_ms=f"{high:.6g}")
    return Bin(low, high, Mark(n, n=n, drill=query))


def log_bins(bins: Mapping[int, int], *, columns: int) -> list[tuple[float, float, int]]:
    """Join the bins of a sketch to at most as many columns, equally wide on a logarithmic axis: (low, high, number).

    Values of zero or less have no place on such an axis.
    """
    numbers = [number for number in bins if number > 0]
    if not numbers:
        return []
    first, last = min(numbers), max(numbers)
    width = -(-(last - first + 1) // columns)
    counts = [0] * (-(-(last - first + 1) // width))
    for number in numbers:
        counts[(number - first) // width] += bins[number]
    return [
        (edges_of(first + place * width)[0], edges_of(first + (place + 1) * width - 1)[1], n)
        for place, n in enumerate(counts)
    ]


def through_time(asked: Asked) -> Content:
    whole = asked.summary(LATENCY)
    if not whole.n:
        return Content(reason=NOTHING)
    level, _ = _steps(asked)
    return Content(
        chart=line_chart(
            [line_of_quantile(asked, "p50", 0.5), line_of_quantile(asked, "p95", 0.95)],
            start=asked.window.start,
            end=asked.window.end,
            unit="ms",
            say=formats.duration,
            description=f"Response time through time, p50 and p95 of {whole.n:,} interactions.",
            gap=GAPS,
        ),
        words=f"One point for each {step_words(level.seconds)}.",
        n=whole.n,
        link=drill.interactions(asked),
    )


def line_of_quantile(asked: Asked, name: str, q: float) -> TimeLine:
    """A quantile through time, in steps that are long enough for one; a step with too few values is a gap."""
    level, points = _steps(asked)
    return asked.line(name, points, lambda summary: told_quantile(summary, q), level=level, drill=drill.step(asked))


def _steps(asked: Asked) -> tuple[Level, list[Point]]:
    return asked.once("latency_steps", lambda: _joined(asked))


def _joined(asked: Asked) -> tuple[Level, list[Point]]:
    points, level = asked.points(LATENCY).get((), []), asked.level(LATENCY)
    level = joined([points], level, steps=len(asked.steps(level)))
    return level, wider(points, level)


declare(
    Panel(
        "latency_spread",
        "How are response times spread?",
        "Interactions by their response time, on a logarithmic axis; the upright lines are p50 and p95, from "
        f"{needed(0.5)} and {needed(0.95)} values on.",
        "Latency",
        spread,
    ),
    Panel(
        "latency_through_time",
        "Is it getting slower?",
        f"p50 and p95 of each step. Where there are few response times, steps are joined until half of them have "
        f"{needed(0.95)}, as long as six remain; a step with fewer has no p95, one with fewer than {needed(0.5)} no p50.",
        "Latency",
        through_time,
    ),
)
