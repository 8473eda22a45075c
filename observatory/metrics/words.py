"""The figures of a metric as people read them, by its unit and kind."""

from collections.abc import Callable

from observatory.core import formats
from observatory.metrics.catalogue import Kind, Metric
from observatory.stats.enough import told_quantile, too_few
from observatory.stats.summary import Summary


def say(metric: Metric, figure: float | None) -> str:
    """A figure with its unit."""
    if figure is None:
        return formats.UNKNOWN
    return BY_UNIT.get(metric.unit, number)(figure)


def say_quantile(metric: Metric, summary: Summary, q: float) -> str:
    """A quantile with its unit; of too few values, how many it takes."""
    return too_few(summary.n, q) or say(metric, told_quantile(summary, q))


def number(figure: float) -> str:
    if abs(figure) >= 100_000:
        return f"{figure:,.0f}"
    return f"{figure:,.3g}" if abs(figure) < 100 else f"{figure:,.0f}"


def share(figure: float) -> str:
    return f"{figure * 100:.3g} %"


BY_UNIT: dict[str, Callable[[float], str]] = {
    "ms": formats.duration,
    "s": lambda figure: formats.duration(figure * 1_000),
    "seconds": lambda figure: formats.duration(figure * 1_000),
    "usd": formats.dollars,
    "share": share,
    "percent": lambda figure: f"{figure:.3g} %",
    "bytes": formats.size,
    "bytes/s": lambda figure: f"{formats.size(figure)}/s",
}


def unit_word(metric: Metric) -> str:
    """The unit, where `say` does not say it with the figure."""
    return "" if metric.unit == "1" or metric.unit in BY_UNIT else metric.unit


def figure_of(metric: Metric, summary: Summary, quantile: float = 0.5) -> float | None:
    """The one figure that says most of a summary: by kind its number, total, last value, share, median or distinct count.

    None of no values, and of a quantile of too few (see `stats.enough`).
    """
    if metric.kind is Kind.COUNT or metric.kind is Kind.SUM:
        return summary.total
    if not summary.n:
        return None
    if metric.kind is Kind.DISTINCT:
        return float(round(summary.distinct))
    if metric.kind is Kind.GAUGE:
        return summary.last
    return summary.mean if metric.kind is Kind.PROPORTION else told_quantile(summary, quantile)


def name_of_figure(metric: Metric, quantile: float = 0.5) -> str:
    names = {
        Kind.COUNT: "number",
        Kind.SUM: "total",
        Kind.GAUGE: "last",
        Kind.PROPORTION: "share",
        Kind.DISTINCT: "distinct",
    }
    return names.get(metric.kind, f"p{quantile * 100:.0f}")


def facts_of(metric: Metric, summary: Summary) -> list[tuple[str, str]]:
    """What a summary tells, as names and words."""
    found = [("n", formats.count(summary.n))]
    if metric.kind is Kind.DISTINCT:
        return [("distinct", say(metric, figure_of(metric, summary))), *found]
    if metric.kind is Kind.COUNT:
        return [("number", formats.count(summary.n))]
    if metric.kind is Kind.PROPORTION:
        return [("share", say(metric, summary.mean)), *found]
    if metric.kind is Kind.SUM:
        found = [("total", say(metric, summary.total)), *found]
    if metric.kind is Kind.GAUGE:
        found = [("last", say(metric, summary.last)), *found]
    found += [("mean", say(metric, summary.mean))]
    if metric.kind is Kind.DISTRIBUTION:
        found += [(f"p{q * 100:.0f}", say_quantile(metric, summary, q)) for q in (0.5, 0.95, 0.99)]
    return [*found, ("smallest", say(metric, summary.minimum)), ("largest", say(metric, summary.maximum))]
