"""Numbers that are measured and not counted from facts: recorded as samples, and rolled up like all other facts."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.db import transaction

from observatory.core import bulk
from observatory.metrics import catalogue, staleness
from observatory.metrics.catalogue import Goodness, Kind, Label, Metric, Prometheus, Source
from observatory.metrics.models import Sample
from observatory.metrics.rollup.collect import number
from observatory.metrics.times import times_by_day

COLUMNS = ("at", "metric", "value", "labels")
ROWS_A_FETCH = 5_000


def _rows(project_id: int, start: datetime, end: datetime) -> Iterable[tuple[Any, ...]]:
    found = Sample.objects.filter(project_id=project_id, at__gte=start, at__lt=end)
    return found.values_list(*COLUMNS).iterator(ROWS_A_FETCH)


SAMPLES = Source(
    "samples",
    "A number that was measured.",
    COLUMNS,
    _rows,
    times_by_day(Sample.objects.all(), "at"),
    partition="metric",
)


class Measured(NamedTuple):
    """One value of a metric in a project."""

    project_id: int
    metric: str
    value: float
    labels: Mapping[str, str] = {}


def of_samples(
    name: str,
    *,
    unit: str,
    help: str,
    kind: Kind = Kind.GAUGE,
    labels: tuple[str, ...] = (),
    goodness: Goodness | None = None,
    prometheus: tuple[Prometheus, ...] = (),
) -> Metric:
    """Return the declaration of a metric whose values come by `record`, with the labels of these names."""
    return Metric(
        name,
        unit=unit,
        help=help,
        kind=kind,
        source=SAMPLES,
        value="value",
        of=(name,),
        labels=tuple(Label(label, _label(label)) for label in labels),
        goodness=goodness,
        prometheus=prometheus,
    )


def record(metric: str, *, project_id: int, value: float, at: datetime, labels: Mapping[str, str] | None = None) -> None:
    """Record one value; see `record_all`."""
    record_all([Measured(project_id, metric, value, labels or {})], at=at)


def record_all(measured: Iterable[Measured], *, at: datetime) -> None:
    """Write values of one moment and mark its minute, in one transaction.

    ValueError for a metric that is not declared by `of_samples`, or a value that is no finite number.
    """
    moment = bulk.database_time(int(at.timestamp() * 1_000_000))
    rows = [(one.project_id, one.metric, moment, _checked(one), orjson.dumps(dict(one.labels)).decode()) for one in measured]
    projects = {row[0] for row in rows}
    with transaction.atomic():
        bulk.insert(Sample, ("project_id", "metric", "at", "value", "labels"), rows)
        staleness.mark([(project_id, SAMPLES.name, at.timestamp()) for project_id in projects], now=at)


def _checked(one: Measured) -> float:
    if catalogue.metric(one.metric).source is not SAMPLES:
        raise ValueError(f"The values of {one.metric} come from {catalogue.metric(one.metric).source.name}.")
    value = number(one.value)
    if value is None:
        raise ValueError(f"{one.value!r} is no finite number.")
    return value


def _label(name: str) -> Any:
    return lambda row: row.labels.get(name)
