"""How sure the application was of its answers."""

from interactions.confidence import LOW_CONFIDENCE as LOW
from observatory.charts.histogram import Bin, histogram
from observatory.charts.marks import Mark
from observatory.stats.enough import told_quantile
from observatory.stats.sketch import is_below, step_of
from observatory.stats.summary import Summary
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Content
from reports.panels.words import percent

CONFIDENCE = "interactions.confidence"
COLUMNS = 20


def spread(asked: Asked) -> Content:
    whole = asked.summary(CONFIDENCE)
    if not whole.n:
        return Content(reason="No interaction in this time tells its confidence: send confidence, from 0 to 1, with it.")
    low = low_share(whole)
    counts = columns_of(whole)
    return Content(
        chart=histogram(
            [Bin(place / COLUMNS, (place + 1) / COLUMNS, Mark(count, n=count)) for place, count in enumerate(counts)],
            unit="1",
            say=lambda value: f"{value:.2f}",
            rules=[("low below", LOW)],
            description=f"Confidence of {whole.n:,} answers; {percent(low)} are below {LOW}.",
        ),
        words=f"{percent(low)} of the answers are below {LOW}{_median(whole)}.",
        n=whole.n,
        link=drill.interactions(asked),
    )


def _median(whole: Summary) -> str:
    median = told_quantile(whole, 0.5)
    return "" if median is None else f"; the median is {median:.2f}"


def columns_of(summary: Summary) -> list[int]:
    """How many values lie in each twentieth from 0 to 1."""
    counts = [0] * COLUMNS
    for number, n in summary.bins.items():
        counts[step_of(number, COLUMNS)] += n
    return counts


def low_share(summary: Summary) -> float:
    """The share of values below LOW, exact up to the 1 % by which a sketch knows a value."""
    return sum(n for number, n in summary.bins.items() if is_below(number, LOW)) / summary.n


declare(
    Panel(
        "confidence",
        "How sure is it of its answers?",
        f"Answers by their confidence; below {LOW} it is low.",
        "Quality",
        spread,
        width="half",
    ),
)
