"""The series of metrics as a scrape needs them: what was counted since ever, and what the last minutes hold."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Max, QuerySet

from observatory.metrics.catalogue import Exposed, Kind, Metric
from observatory.metrics.exposition.families import Family
from observatory.metrics.levels import LEVELS
from observatory.metrics.models import Counter, Series
from observatory.metrics.rollup.rows import NUMBERS, summary_of_row
from observatory.projects.own import OWN_SLUG
from observatory.stats.packing import unpack
from observatory.stats.summary import Summary, merge

Labels = tuple[str, ...]
MINUTE, HOUR = LEVELS[0], LEVELS[2]
AHEAD_S = 60  # clocks of clients that go fast


class Line(NamedTuple):
    """One series: its primary key, the values of all its labels, and what it holds."""

    series_id: int
    labels: Labels
    summary: Summary


Lines = dict[str, list[Line]]  # by metric


def counted(project_id: int, families: Iterable[Family]) -> Lines:
    """Return what Counter rows say of the metrics that feed these families."""
    metrics = _metrics_of(families)
    rows = Counter.objects.filter(series__project_id=project_id, series__metric__in=list(metrics))
    found: Lines = defaultdict(list)
    columns = ("series_id", "series__metric", "series__labels", "n", "total", "packed")
    for series_id, name, values, n, total, packed in rows.values_list(*columns):
        if (labels := _labels(metrics[name], values)) is not None:
            bounds = unpack(packed).get("bounds", ()) if metrics[name].boundaries else ()
            found[name].append(Line(series_id, labels, Summary(n=n, total=total, bounds=bounds)))
    return found


def recent(project_id: int, families: Iterable[Family], *, now: datetime) -> Lines:
    """Return the summaries of the families' windows up to now. All have the same window, which the minute rounds up."""
    chosen = list(families)
    series = _series_of(project_id, _metrics_of(chosen))
    start = MINUTE.start_of(now.timestamp() - chosen[0].window_s)
    return _merged(series, _bucket_rows(series, start, int(now.timestamp()) + AHEAD_S))


def newest(project_id: int, family: Family, *, now: datetime) -> Lines:
    """Return the summaries of the newest minute of the window in which anything happened."""
    metrics = _metrics_of([family])
    series = _series_of(project_id, metrics)
    start, end = int(now.timestamp()) - family.window_s, int(now.timestamp()) + AHEAD_S
    # The hour first: minutes of a day are too many to look at.
    hour = _last_start(HOUR, series, HOUR.start_of(start), end)
    minute = None if hour is None else _last_start(MINUTE, series, max(hour, MINUTE.start_of(start)), end)
    return {} if minute is None else _merged(series, _bucket_rows(series, minute, minute + MINUTE.seconds))


def _metrics_of(families: Iterable[Family]) -> dict[str, Metric]:
    return {metric.name: metric for family in families for metric, _ in family.parts}


def _series_of(project_id: int, metrics: dict[str, Metric]) -> dict[int, tuple[Metric, Labels]]:
    columns = ("id", "metric", "labels")
    rows = list(Series.objects.filter(project_id=project_id, metric__in=list(metrics)).values_list(*columns))
    has_own = {name for _, name, _ in rows}
    shared = [name for name, metric in metrics.items() if metric.is_shared and name not in has_own]
    if shared:
        rows += Series.objects.filter(project__slug=OWN_SLUG, metric__in=shared).values_list(*columns)
    return {
        series_id: (metrics[name], labels)
        for series_id, name, values in rows
        if (labels := _labels(metrics[name], values)) is not None
    }


def _labels(metric: Metric, values: Sequence[str]) -> Labels | None:
    """The values of a series' labels; None for a series of an older declaration, whose labels are others."""
    labels = tuple(values)
    return labels if len(labels) == len(metric.labels) else None


def _bucket_rows(series: Collection[int], start: int, end: int) -> Iterator[tuple[Any, ...]]:
    rows = MINUTE.rows.filter(series_id__in=series, start__gte=start, start__lt=end)
    yield from rows.order_by("start").values_list("series_id", *NUMBERS, "packed")


def _merged(series: dict[int, tuple[Metric, Labels]], rows: Iterable[tuple[Any, ...]]) -> Lines:
    parts: dict[int, list[Summary]] = defaultdict(list)
    for series_id, *numbers, packed in rows:
        # Of a distribution's bins no gauge tells; unpacking them is most of the work.
        is_distinct = series[series_id][0].kind is Kind.DISTINCT
        parts[series_id].append(summary_of_row(numbers, packed if is_distinct else None))
    found: Lines = defaultdict(list)
    for series_id, summaries in parts.items():
        metric, labels = series[series_id]
        found[metric.name].append(Line(series_id, labels, merge(summaries)))
    return found


def _last_start(level: Any, series: Collection[int], start: int, end: int) -> int | None:
    rows: QuerySet[Any] = level.rows.filter(series_id__in=series, start__gte=start, start__lt=end)
    return rows.aggregate(last=Max("start"))["last"]


WINDOWED = frozenset({Exposed.GAUGE_LAST, Exposed.GAUGE_MEAN, Exposed.GAUGE_DISTINCT})
GROWING = frozenset({Exposed.COUNTER, Exposed.HISTOGRAM})
