"""How long answers took: spread and through time."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from observatory.charts.histogram import Bin, histogram
from observatory.charts.lines import line_chart
from observatory.charts.marks import Mark, TimeLine
from observatory.core import formats
from observatory.metrics.series import Point
from observatory.stats.sketch import edges_of
from observatory.stats.summary import Summary, merge
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Content
from reports.panels.words import span

LATENCY = "interactions.latency"
COLUMNS = 28
JOINED = (1, 2, 3, 4, 6, 8, 12)  # steps that are drawn as one
LEAST_FOR_P95 = 20
NOTHING = "No response time was measured in this time. Send latency_ms with an interaction, or spans with an end."


def spread(asked: Asked) -> Content:
    whole = asked.summary(LATENCY)
    if not whole.n:
        return Content(reason=NOTHING)
    rules = [(f"p{q * 100:.0f}", value) for q in (0.5, 0.95) if (value := whole.quantile(q))]
    bins = log_bins(whole.bins, columns=COLUMNS)
    left_out = whole.n - sum(n for _, _, n in bins)
    said = " · ".join(f"{name} {formats.duration(value)}" for name, value in rules)
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
    points = asked.points(LATENCY).get((), [])
    whole = asked.summary(LATENCY)
    if not whole.n:
        return Content(reason=NOTHING)
    steps = joined_steps(points, asked.level(LATENCY).seconds)
    return Content(
        chart=line_chart(
            [
                _line(asked, "p50", points, steps, lambda summary: summary.quantile(0.5)),
                _line(asked, "p95", points, steps, _p95),
            ],
            start=asked.window.start,
            end=asked.window.end,
            unit="ms",
            say=formats.duration,
            description=f"Response time through time, p50 and p95 of {whole.n:,} interactions.",
        ),
        words=f"In steps of {span(timedelta(seconds=steps))}.",
        n=whole.n,
        link=drill.interactions(asked),
    )


def _line(
    asked: Asked, name: str, points: Sequence[Point], step_s: int, figure: Callable[[Summary], float | None]
) -> TimeLine:
    at: dict[int, list[Summary]] = {}
    for point in points:
        at.setdefault(int(point.start.timestamp()) // step_s, []).append(point.summary)
    query = drill.query(asked)
    first, last = (int(one.timestamp()) // step_s for one in (asked.window.start, asked.window.end))
    marks = []
    for place in range(first, last + 1):
        summary = merge(at.get(place, ()))
        marks.append(Mark(figure(summary) if summary.n else None, n=summary.n, drill=query))
    return TimeLine(name, datetime.fromtimestamp(first * step_s, UTC), timedelta(seconds=step_s), marks)


def joined_steps(points: Sequence[Point], step_s: int) -> int:
    """How many seconds a step takes so that half of those with values have enough of them for a p95."""
    for times in JOINED:
        counts: Counter[int] = Counter()
        for point in points:
            counts[int(point.start.timestamp()) // (step_s * times)] += point.summary.n
        if counts and sorted(counts.values())[len(counts) // 2] >= LEAST_FOR_P95:
            return step_s * times
    return step_s * JOINED[-1]


def _p95(summary: Summary) -> float | None:
    """None of too few values: the line has a gap there."""
    return summary.quantile(0.95) if summary.n >= LEAST_FOR_P95 else None


declare(
    Panel(
        "latency_spread",
        "How are response times spread?",
        "Interactions by their response time, on a logarithmic axis; the upright lines are p50 and p95.",
        "Latency",
        spread,
    ),
    Panel(
        "latency_through_time",
        "Is it getting slower?",
        f"p50 and p95 of each step. Where there are few response times, steps are joined until half of them have "
        f"{LEAST_FOR_P95}; a step with fewer has no p95.",
        "Latency",
        through_time,
    ),
)
