"""The only reader of buckets: points of a metric through time, and its summary over a stretch."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Min, QuerySet

from observatory.metrics.catalogue import Metric
from observatory.metrics.levels import LEVELS, Level
from observatory.metrics.models import Horizon, Series
from observatory.metrics.rollup.rows import read
from observatory.projects.models import Project
from observatory.projects.own import OWN_SLUG
from observatory.stats.summary import Summary, merge

# What a chart can show: a day in steps of 5 minutes, a week in hours, a month in days. Finer ones can be asked for.
CHART_POINTS = 400
MOST_POINTS = 1_500  # that can be asked for
SHOWN = LEVELS[:-1]
HOUR, DAY = LEVELS[2], LEVELS[3]

Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """[start, end), aware."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        return (self.end - self.start).total_seconds()


@dataclass(frozen=True, slots=True)
class Point:
    start: datetime
    seconds: int
    summary: Summary


def points(
    metric: Metric,
    *,
    project_id: int,
    window: Window,
    where: Mapping[str, str] | None = None,
    by: Sequence[str] = (),
    only: Collection[Labels] | None = None,
    level: Level | None = None,
) -> dict[Labels, list[Point]]:
    """Return the points of the window, for each combination of the labels in `by`: ascending, without empty buckets.

    `where` keeps series by label, `only` combinations of the labels in `by`; `level` defaults to the finest that is kept
    for the window and gives a chart's number of points. A bucket belongs to the window if it starts in it. KeyError for
    a label that the metric has not.
    """
    level = level or level_for(metric, project_id=project_id, window=window)
    groups = groups_of(metric, project_id=project_id, where=where, by=by)
    if only is not None:
        groups = {series_id: labels for series_id, labels in groups.items() if labels in only}
    start, end = (int(window.start.timestamp()), int(-(-window.end.timestamp() // 1)))
    parts: dict[tuple[Labels, int], list[Summary]] = defaultdict(list)
    for (series_id, begin), summary in read(level, groups, level.start_of(start), end).items():
        parts[groups[series_id], begin].append(summary)
    found: dict[Labels, list[Point]] = defaultdict(list)
    for (labels, begin), summaries in sorted(parts.items()):
        found[labels].append(Point(datetime.fromtimestamp(begin, UTC), level.seconds, merge(summaries)))
    return dict(found)


def summaries(
    metric: Metric,
    *,
    project_id: int,
    window: Window,
    where: Mapping[str, str] | None = None,
    by: Sequence[str] = (),
    only: Collection[Labels] | None = None,
    level: Level | None = None,
) -> dict[Labels, Summary]:
    """Return one summary over the window for each combination of the labels in `by`; see `points`."""
    found = points(metric, project_id=project_id, window=window, where=where, by=by, only=only, level=level)
    return {labels: merge(point.summary for point in line) for labels, line in found.items()}


def totals(
    metrics: Sequence[Metric], *, project_id: int, window: Window, level: Level, where: Mapping[str, str]
) -> dict[str, Summary]:
    """Return one summary over the window for each metric that has facts there, by name, in two queries for all of them.

    `where` keeps series by label. The metrics are the project's own, not shared ones (`owner_of`).
    """
    kept = {metric.name: _keeps(metric, where) for metric in metrics}
    series = Series.objects.filter(project_id=project_id, metric__in=kept).values_list("id", "metric", "labels")
    names = {series_id: name for series_id, name, labels in series if kept[name](labels)}
    if not names:
        return {}
    start, end = (int(window.start.timestamp()), int(-(-window.end.timestamp() // 1)))
    parts: dict[str, list[Summary]] = defaultdict(list)
    for (series_id, _), summary in read(level, names, level.start_of(start), end).items():
        parts[names[series_id]].append(summary)
    return {name: merge(found) for name, found in parts.items()}


def level_for(metric: Metric, *, project_id: int, window: Window) -> Level:
    """The finest level that still has the window's start and gives no more than CHART_POINTS points."""
    horizons = Horizon.objects.filter(project_id=owner_of(metric, project_id), source=metric.source.name, level__gte=0)
    until = dict(horizons.values_list("level", "until"))
    start = window.start.timestamp()
    for number, level in enumerate(SHOWN):
        if window.seconds / level.seconds <= CHART_POINTS and until.get(number, start) <= start:
            return level
    return SHOWN[-1]


def comparable(metric: Metric, *, project_id: int, window: Window) -> tuple[Level, Window, Window]:
    """Return a level, the window in whole buckets of it, and as long a window before: the two share no bucket.

    The level is the finest that still has both. Only the last bucket may be going on.
    """
    length = window.end - window.start
    both = [window, Window(window.start - length, window.start)]
    level = max((level_for(metric, project_id=project_id, window=one) for one in both), key=lambda level: level.seconds)
    start = datetime.fromtimestamp(level.start_of(window.start.timestamp()), UTC)
    return level, Window(start, window.end), Window(start - length, start)


def first_start(metric: Metric, *, project_id: int) -> datetime | None:
    """Return where the first bucket of a metric begins that is kept by the hour, or earlier by the day; None without any."""
    ids = list(series_of(metric, project_id).values_list("id", flat=True))
    starts = [level.rows.filter(series_id__in=ids).aggregate(first=Min("start"))["first"] for level in (HOUR, DAY)]
    if starts[0] is not None and DAY.start_of(starts[0]) == starts[1]:
        return datetime.fromtimestamp(starts[0], UTC)
    first = min((start for start in starts if start is not None), default=None)
    return None if first is None else datetime.fromtimestamp(first, UTC)


def groups_of(
    metric: Metric, *, project_id: int, where: Mapping[str, str] | None = None, by: Sequence[str] = ()
) -> dict[int, Labels]:
    """Return the series (by primary key) that `where` keeps, each with its values of the labels in `by`.

    Series of an older declaration, which had other labels, are left out.
    """
    places, is_kept = _places(metric), _keeps(metric, where or {})
    chosen = [places[name] for name in by]
    return {
        series_id: tuple(labels[place] for place in chosen)
        for series_id, labels in series_of(metric, project_id).values_list("id", "labels")
        if is_kept(labels)
    }


def _keeps(metric: Metric, where: Mapping[str, str]) -> Callable[[Sequence[str]], bool]:
    """Return what tells by its labels whether a series is of this declaration of the metric, and of `where`."""
    number, places = len(metric.labels), _places(metric)
    wanted = {places[name]: value for name, value in where.items()}
    return lambda labels: len(labels) == number and all(labels[place] == value for place, value in wanted.items())


def _places(metric: Metric) -> dict[str, int]:
    return {label.name: place for place, label in enumerate(metric.labels)}


def series_of(metric: Metric, project_id: int) -> QuerySet[Series]:
    """The series of a metric, as `owner_of` finds them."""
    return Series.objects.filter(project_id=owner_of(metric, project_id), metric=metric.name)


def owner_of(metric: Metric, project_id: int) -> int:
    """Return whose series a project is shown: its own, or Observatory's of a shared metric that it has none of."""
    if not metric.is_shared or Series.objects.filter(project_id=project_id, metric=metric.name).exists():
        return project_id
    own = Project.objects.filter(slug=OWN_SLUG).values_list("id", flat=True).first()
    return project_id if own is None else own
