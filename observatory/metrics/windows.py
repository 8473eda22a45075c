"""Many metrics of a project over one window, in few queries: for pages that show a dozen figures at once.

A window is covered by the coarsest buckets that lie within it, and at its two ends by the next finer ones. So a day is
read from 23 hours and some buckets of 5 minutes instead of from 288 of them, and what a chart shows adds up to the figure.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Sum

from observatory.metrics.catalogue import Metric
from observatory.metrics.levels import Level
from observatory.metrics.models import Horizon, Series
from observatory.metrics.rollup.rows import read
from observatory.metrics.series import SHOWN, Labels, Point, Window, groups_of
from observatory.projects.models import Project
from observatory.projects.own import OWN_SLUG
from observatory.stats.summary import Summary, merge

PANEL_POINTS = 200  # what a panel can show: an hour in minutes, a day and a week in hours, a month in days


@dataclass(frozen=True, slots=True)
class Stretch:
    """Buckets of a level that start in [start, end), in Unix seconds."""

    level: Level
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Lines:
    """A metric in a window: points of `level` by the values of all labels. The first begins before the window does,
    but holds only what lies in it."""

    level: Level
    points: Mapping[Labels, Sequence[Point]]


def before(window: Window) -> Window:
    """The window of the same length that ends where this one begins."""
    return Window(window.start - (window.end - window.start), window.start)


def read_lines(
    metrics: Collection[Metric],
    *,
    project_id: int,
    window: Window,
    is_before: bool = False,
    most_points: int = PANEL_POINTS,
) -> dict[str, Lines]:
    """Return the lines of each metric by its name. The number of queries does not depend on how much there is.

    With `is_before` those of the window before, at the same resolution. No bucket is in both.
    """
    groups = _series(metrics, project_id)
    horizons = _horizons({owner for owner, _ in groups.values()})
    together: dict[tuple[Level, Level], list[str]] = defaultdict(list)
    for metric in metrics:
        until = horizons.get((groups[metric.name][0], metric.source.name), {})
        together[_levels(window, until, most_points)].append(metric.name)
    found: dict[str, Lines] = {}
    for (level, finest), names in together.items():
        start, end = _ends(window, finest, is_before=is_before)
        parts = _read(names, groups, covering(start, end, level=level, finest=finest), level)
        found |= {name: Lines(level, _points(parts[name], level)) for name in names}
    return found


def counts_by_start(
    metric: Metric, *, project_id: int, window: Window, level: Level, where: Mapping[str, str]
) -> dict[int, int]:
    """Return how many values there were in each bucket of a level, by its start in Unix seconds: summed in the database."""
    series = groups_of(metric, project_id=project_id, where=where)
    start, end = level.start_of(window.start.timestamp()), window.end.timestamp()
    rows = level.rows.filter(series__in=series, start__gte=start, start__lt=end).order_by().values_list("start")
    return dict(rows.annotate(Sum("n")))


def stretches(source: str, *, project_id: int, window: Window) -> tuple[list[Stretch], list[Stretch]]:
    """Return the buckets that make up the window before, and those of the window: the ones that `read_lines` takes."""
    until = _horizons({project_id}).get((project_id, source), {})
    level, finest = _levels(window, until, PANEL_POINTS)
    earlier, now = (covering(*_ends(window, finest, is_before=one), level=level, finest=finest) for one in (True, False))
    return earlier, now


def covering(start: int, end: int, *, level: Level, finest: Level) -> list[Stretch]:
    """Return the stretches of buckets that make up [start, end): of `level`, with `finest` ones at the ends."""
    first, last = -(-start // level.seconds) * level.seconds, level.start_of(end)
    if first >= last or level is finest:
        return [Stretch(finest, start, end)]
    parts = (Stretch(finest, start, first), Stretch(level, first, last), Stretch(finest, last, end))
    return [part for part in parts if part.start < part.end]


def _ends(window: Window, finest: Level, *, is_before: bool) -> tuple[int, int]:
    start = finest.start_of(window.start.timestamp())
    if is_before:
        return finest.start_of(before(window).start.timestamp()), start
    return start, int(-(-window.end.timestamp() // 1))


def _levels(window: Window, until: Mapping[int, int], most_points: int) -> tuple[Level, Level]:
    """The level of the points, and that of the ends: one finer. Both still have the window before."""
    start = before(window).start.timestamp()
    kept = [number for number in range(len(SHOWN)) if until.get(number, start) <= start] or [len(SHOWN) - 1]
    number = next((one for one in kept if window.seconds / SHOWN[one].seconds <= most_points), kept[-1])
    return SHOWN[number], SHOWN[number - 1 if number - 1 in kept else number]


def _series(metrics: Collection[Metric], project_id: int) -> dict[str, tuple[int, dict[int, Labels]]]:
    """Of each metric whose series they are and which: shared ones are those of Observatory where the project has none."""
    shared = [metric.name for metric in metrics if metric.is_shared]
    own = Project.objects.filter(slug=OWN_SLUG).values_list("id", flat=True).first() if shared else None
    rows: dict[tuple[int, str], dict[int, Labels]] = defaultdict(dict)
    sizes = {metric.name: len(metric.labels) for metric in metrics}
    wanted = Series.objects.filter(project_id__in=[project_id, own or project_id], metric__in=sizes)
    for owner, name, series_id, labels in wanted.values_list("project_id", "metric", "id", "labels"):
        if len(labels) == sizes[name]:  # else of an older declaration
            rows[owner, name][series_id] = tuple(labels)
    found = {}
    for metric in metrics:
        is_borrowed = metric.is_shared and own is not None and not rows[project_id, metric.name]
        owner = own if is_borrowed and own is not None else project_id
        found[metric.name] = (owner, rows[owner, metric.name])
    return found


def _horizons(owners: Collection[int]) -> dict[tuple[int, str], dict[int, int]]:
    found: dict[tuple[int, str], dict[int, int]] = defaultdict(dict)
    rows = Horizon.objects.filter(project_id__in=owners, level__gte=0)
    for owner, source, level, until in rows.values_list("project_id", "source", "level", "until"):
        found[owner, source][level] = until
    return found


def _read(
    names: Sequence[str], groups: Mapping[str, tuple[int, dict[int, Labels]]], stretches: Sequence[Stretch], level: Level
) -> dict[str, dict[tuple[Labels, int], list[Summary]]]:
    """The summaries of all the metrics by labels and by the bucket of `level` that they belong to."""
    places = {series_id: (name, labels) for name in names for series_id, labels in groups[name][1].items()}
    parts: dict[str, dict[tuple[Labels, int], list[Summary]]] = {name: defaultdict(list) for name in names}
    for stretch in stretches:
        for (series_id, begin), summary in read(stretch.level, places, stretch.start, stretch.end).items():
            name, labels = places[series_id]
            parts[name][labels, level.start_of(begin)].append(summary)
    return parts


def _points(parts: Mapping[tuple[Labels, int], list[Summary]], level: Level) -> dict[Labels, list[Point]]:
    found: dict[Labels, list[Point]] = defaultdict(list)
    for labels, begin, summary in _merged(parts):
        found[labels].append(Point(datetime.fromtimestamp(begin, UTC), level.seconds, summary))
    return dict(found)


def _merged(parts: Mapping[tuple[Labels, int], list[Summary]]) -> Iterator[tuple[Labels, int, Summary]]:
    for (labels, begin), summaries in sorted(parts.items()):
        yield labels, begin, merge(summaries)
