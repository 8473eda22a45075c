"""All metrics of a project at a glance: the last hour and the trend of a day, in four queries whatever their number."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet, Sum

from observatory.metrics.catalogue import Kind, Metric, metrics
from observatory.metrics.levels import LEVELS, Level
from observatory.metrics.models import Series
from observatory.metrics.rollup.rows import NUMBERS, summary_of_row
from observatory.projects.own import OWN_SLUG
from observatory.stats.summary import Summary, merge

MINUTES, HOURS = LEVELS[1], LEVELS[2]
HOUR_S, TREND_HOURS = 3_600, 24
ADDED = {Kind.COUNT, Kind.SUM}


@dataclass(frozen=True, slots=True)
class Glance:
    """`hour` sums up the last 60 minutes; `trend` has a figure for each of the last 24 hours, None where there is none."""

    hour: Summary
    trend: list[float | None]


def glances(project_id: int, *, now: datetime) -> dict[str, Glance]:
    """Return the glance of each metric, by name. A metric without series has an empty one."""
    now_s = now.timestamp()
    end = MINUTES.start_of(now_s) + MINUTES.seconds
    first = HOURS.start_of(now_s) - (TREND_HOURS - 1) * HOUR_S
    known = {metric.name: metric for metric in metrics()}
    distinct = [name for name, metric in known.items() if metric.kind is Kind.DISTINCT]
    hour = _summaries(_rows(MINUTES, project_id, end - HOUR_S))
    trend = _totals(_rows(HOURS, project_id, first).exclude(series__metric__in=distinct))
    different = _by_start(_rows(HOURS, project_id, first).filter(series__metric__in=distinct))
    found = {}
    line: list[float | None]
    for name, metric in known.items():
        starts = range(first, first + TREND_HOURS * HOUR_S, HOUR_S)
        if metric.kind is Kind.DISTINCT:
            line = [one.distinct if (one := different.get((name, start))) else 0.0 for start in starts]
        else:
            line = [_figure(metric, *trend.get((name, start), (0, 0.0))) for start in starts]
        found[name] = Glance(hour.get(name, Summary()), line)
    return found


def _figure(metric: Metric, n: int, total: float) -> float | None:
    if metric.kind in ADDED:
        return total
    return total / n if n else None


def _rows(level: Level, project_id: int, start: int) -> QuerySet:
    return level.rows.filter(series__in=_series(project_id), start__gte=start)


def _series(project_id: int) -> QuerySet[Series]:
    """The series of a project, and of shared metrics of which it has none those of Observatory itself."""
    own = Series.objects.filter(project_id=project_id)
    shared = [metric.name for metric in metrics() if metric.is_shared]
    others = Series.objects.filter(project__slug=OWN_SLUG, metric__in=shared)
    others = others.exclude(metric__in=own.filter(metric__in=shared).values("metric"))
    return Series.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=others.values("pk")))


def _totals(rows: QuerySet) -> dict[tuple[str, int], tuple[int, float]]:
    grouped = rows.order_by().values_list("series__metric", "start").annotate(Sum("n"), Sum("total"))
    return {(name, start): (n, total) for name, start, n, total in grouped}


def _summaries(rows: QuerySet) -> dict[str, Summary]:
    parts: dict[str, list[Summary]] = defaultdict(list)
    for name, *numbers, packed in rows.values_list("series__metric", *NUMBERS, "packed"):
        parts[name].append(summary_of_row(numbers, packed))
    return {name: merge(found) for name, found in parts.items()}


def _by_start(rows: QuerySet) -> dict[tuple[str, int], Summary]:
    parts: dict[tuple[str, int], list[Summary]] = defaultdict(list)
    for name, start, *numbers, packed in rows.values_list("series__metric", "start", *NUMBERS, "packed"):
        parts[name, start].append(summary_of_row(numbers, packed))
    return {place: merge(found) for place, found in parts.items()}
