"""The catalogue: a metric is declared once, and everything that shows a number reads the declaration.

declare(
    Metric(
        "interactions.latency", unit="ms", kind=Kind.DISTRIBUTION, source=INTERACTIONS, value="latency_ms",
        labels=(Label("model"),), goodness=Goodness.LOWER, help="From the question to the whole answer.",
    )
)
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

OTHER = "other"
MAX_LABEL_CHARS = 120
MAX_SERIES = 200  # label sets of one metric in one project; whatever comes beyond is counted as "other"

Row = Any  # a named tuple with the columns of the source
Getter = str | Callable[[Row], Any]  # the name of a column, or a function of the row


class Kind(StrEnum):
    """What is kept of the values, and what may be asked."""

    COUNT = "count"  # how many facts; the value is not looked at
    SUM = "sum"  # a total that grows, like tokens or dollars
    GAUGE = "gauge"  # a level, like memory: the last value, mean, extremes
    PROPORTION = "proportion"  # values 0 or 1: a share
    DISTRIBUTION = "distribution"  # mean, spread and quantiles
    DISTINCT = "distinct"  # how many different values


class Goodness(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Source:
    """A table of facts with a time: `rows(project_id, start, end)` yields tuples of `columns`, the time first.

    `partition` names the column by whose values metrics pick their rows (the type of an event, the kind of a span).
    `newest(project_id, start, end, limit)` yields the latest such tuples, each with its trace's id or None appended.
    `times(project_id)` yields the times of all facts, a little at a time: to rebuild everything.
    """

    name: str
    help: str
    columns: tuple[str, ...]
    rows: Callable[[int, datetime, datetime], Iterable[tuple[Any, ...]]]
    times: Callable[[int], Iterable[datetime]]
    partition: str = ""
    newest: Callable[[int, datetime, datetime, int], Iterable[tuple[Any, ...]]] | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """A dimension. At most `cap` distinct values are told apart; an empty value is the label `empty`."""

    name: str
    value: Getter = ""
    cap: int = 50
    empty: str = "unknown"

    @property
    def getter(self) -> Getter:
        return self.value or self.name


class Exposed(StrEnum):
    """The types of Prometheus, and what of a metric they show."""

    COUNTER = "counter"  # n of a count or proportion, total of a sum
    HISTOGRAM = "histogram"
    GAUGE_LAST = "last"  # a gauge: the last value
    GAUGE_MEAN = "mean"  # a gauge: the mean of the window
    GAUGE_DISTINCT = "distinct"  # a gauge: distinct values in the window
    GAUGE_NEWEST = "newest"  # 1 for the label set with the newest facts of the window


@dataclass(frozen=True, slots=True)
class Prometheus:
    """A family on /metrics. "{ns}" stands for the namespace; `labels` maps its labels to ours, `fixed` adds constants.

    `scale` turns our unit into Prometheus's base unit (0.001: milliseconds to seconds). `boundaries` are in ours.
    """

    name: str
    type: Exposed
    labels: tuple[tuple[str, str], ...] = ()
    fixed: tuple[tuple[str, str], ...] = ()
    scale: float = 1.0
    boundaries: tuple[float, ...] = ()
    window_s: int = 300
    help: str = ""


@dataclass(frozen=True, slots=True)
class Metric:
    """One number that can be followed through time. `name` is `<app>.<thing>`.

    `of` keeps the rows whose partition column has one of these values; empty keeps all. A value of None is no value.
    `is_shared`: a project without values of its own shows those of the project of Observatory itself.
    """

    name: str
    unit: str
    help: str
    kind: Kind
    source: Source
    value: Getter = ""
    labels: tuple[Label, ...] = ()
    of: tuple[Any, ...] = ()
    goodness: Goodness | None = None
    prometheus: tuple[Prometheus, ...] = field(default=())
    is_shared: bool = False

    @property
    def boundaries(self) -> tuple[float, ...]:
        """The boundaries that any of its Prometheus histograms needs, in our unit, ascending."""
        return tuple(sorted({boundary for family in self.prometheus for boundary in family.boundaries}))


_METRICS: dict[str, Metric] = {}


def declare(*metrics: Metric) -> None:
    """Add metrics to the catalogue. A name that is taken raises ValueError: it would be two numbers."""
    for metric in metrics:
        if metric.name in _METRICS:
            raise ValueError(f"The metric {metric.name} is declared twice.")
        unknown = [one for one in _columns(metric) if one not in metric.source.columns]
        if unknown:
            raise ValueError(f"The metric {metric.name} names columns that {metric.source.name} has not: {unknown}.")
        _METRICS[metric.name] = metric


def metrics() -> Iterator[Metric]:
    """All metrics, by name."""
    yield from sorted(_METRICS.values(), key=lambda metric: metric.name)


def metric(name: str) -> Metric:
    """The metric of a name; KeyError if there is none."""
    return _METRICS[name]


def sources() -> dict[str, tuple[Source, tuple[Metric, ...]]]:
    """The sources by name, each with the metrics that are rolled up from it in one pass."""
    found: dict[str, list[Metric]] = {}
    for one in metrics():
        found.setdefault(one.source.name, []).append(one)
    return {name: (group[0].source, tuple(group)) for name, group in found.items()}


def _columns(metric: Metric) -> list[str]:
    getters: list[Getter] = [metric.value, *(label.getter for label in metric.labels)]
    names = [getter for getter in getters if isinstance(getter, str) and getter]
    return [*names, metric.source.partition] if metric.of else names
