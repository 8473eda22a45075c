"""Many metrics of a project over one window, in few queries: for pages that show a dozen figures at once.

A window is covered by the coarsest buckets that lie within it, and at its two ends by the next finer ones. So a day is
read from 23 hours and some buckets of 5 minutes instead of from 288 of them, and what a chart shows adds up to the figure.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from observatory.metrics.catalogue import Kind, Metric
from observatory.metrics.levels import Level
from observatory.metrics.models import Horizon, Series
from observatory.metrics.rollup.rows import add_up, read, read_plain
from observatory.metrics.series import SHOWN, Labels, Point, Window
from observatory.projects.models import Project
from observatory.projects.own import OWN_SLUG
from observatory.stats.summary import Summary, merge

# What the store itself can add up; of the others, bins, hashes or the last value are packed in the rows.
ADDED = {Kind.COUNT, Kind.SUM, Kind.PROPORTION}
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
    but holds only what lies in it. `is_borrowed` if they are Observatory's own, for the project has none of the metric."""

    level: Level
    points: Mapping[Labels, Sequence[Point]]
    is_borrowed: bool = False


def before(window: Window) -> Window:
    """The window of the same length that ends where this one begins."""
    return Window(window.start - (window.end - window.start), window.start)


def read_lines(
    metrics: Collection[Metric],
    *,
    project_id: int,
    window: Window,
    is_before: bool = False,
    is_open: bool = False,
    most_points: int = PANEL_POINTS,
    plain: Collection[str] = (),
) -> dict[str, Lines]:
    """Return the lines of each metric by its name. The number of queries does not depend on how much there is.

    With `is_before` those of the window before, at the same resolution. No bucket is in both. With `is_open` nothing is
    later than the window, so that its last bucket may be a large one. Of the metrics that `plain` names bins and hashes
    are not read: numbers, sums and squares are enough.
    """
    groups = _series(metrics, project_id)
    found: dict[str, Lines] = {}
    for (level, finest), names in _together(metrics, groups, window, most_points).items():
        levels = SHOWN[SHOWN.index(finest) : SHOWN.index(level) + 1]
        parts_of_time = covering(*_ends(window, levels, is_before=is_before, is_open=is_open), levels)
        parts: dict[str, dict[Labels, dict[int, list[Summary]]]] = {name: {} for name in names}
        for name, labels, begin, summary in _read(names, groups, parts_of_time, plain):
            parts[name].setdefault(labels, {}).setdefault(level.start_of(begin), []).append(summary)
        moments: dict[int, datetime] = {}
        for name in names:
            points = {labels: _points(at, level, moments) for labels, at in parts[name].items()}
            found[name] = Lines(level, points, is_borrowed=groups[name][0] != project_id)
    return found


def read_wholes(
    metrics: Collection[Metric],
    *,
    project_id: int,
    window: Window,
    is_before: bool = False,
    is_open: bool = False,
    plain: Collection[str] = (),
) -> dict[str, dict[Labels, Summary]]:
    """Return the whole window of each metric by its name and the values of all labels: as `read_lines`, of fewer rows."""
    groups = _series(metrics, project_id)
    found: dict[str, dict[Labels, Summary]] = {}
    is_added = {metric.name: metric.kind in ADDED or metric.name in plain for metric in metrics}
    for (_, finest), names in _together(metrics, groups, window, PANEL_POINTS).items():
        levels = SHOWN[SHOWN.index(finest) :]
        parts_of_time = covering(*_ends(window, levels, is_before=is_before, is_open=is_open), levels)
        parts: dict[str, dict[Labels, list[Summary]]] = {name: {} for name in names}
        for name, labels, _, summary in _read([name for name in names if not is_added[name]], groups, parts_of_time):
            parts[name].setdefault(labels, []).append(summary)
        for name, labels, summary in added(_places([name for name in names if is_added[name]], groups), parts_of_time):
            parts[name].setdefault(labels, []).append(summary)
        found |= {name: {labels: merge(some) for labels, some in parts[name].items()} for name in names}
    return found


def stretches(source: str, *, project_id: int, window: Window) -> tuple[list[Stretch], list[Stretch]]:
    """Return the buckets that make up the window before, and those of the window: the ones that `read_wholes` takes."""
    _, finest = _levels(window, _horizons({project_id}).get((project_id, source), {}))
    levels = SHOWN[SHOWN.index(finest) :]
    earlier, now = (covering(*_ends(window, levels, is_before=one), levels) for one in (True, False))
    return earlier, now


def covering(start: int, end: int, levels: Sequence[Level]) -> list[Stretch]:
    """Return the stretches of buckets that make up [start, end): of the coarsest of `levels`, with finer ones at the ends.

    `levels` are ordered from the finest, whose bounds start and end keep.
    """
    finest, *coarser = levels
    first, last = (-(-start // coarser[0].seconds) * coarser[0].seconds, coarser[0].start_of(end)) if coarser else (end, end)
    if first >= last:
        return [Stretch(finest, start, end)]
    parts = [Stretch(finest, start, first), *covering(first, last, coarser), Stretch(finest, last, end)]
    return [part for part in parts if part.start < part.end]


def _ends(window: Window, levels: Sequence[Level], *, is_before: bool, is_open: bool = False) -> tuple[int, int]:
    """From where to where the buckets start that are read; `levels` from the finest to the coarsest."""
    start = levels[0].start_of(window.start.timestamp())
    if is_before:
        return levels[0].start_of(before(window).start.timestamp()), start
    end, coarsest = int(-(-window.end.timestamp() // 1)), levels[-1]
    return start, -(-end // coarsest.seconds) * coarsest.seconds if is_open else end


def _levels(window: Window, until: Mapping[int, int], most_points: int = PANEL_POINTS) -> tuple[Level, Level]:
    """The level of the points, and that of the ends, which is one finer than that of a panel's points.

    Both still have the window before. Few points therefore hold the same buckets as many, and as the whole.
    """
    start = before(window).start.timestamp()
    kept = [number for number in range(len(SHOWN)) if until.get(number, start) <= start] or [len(SHOWN) - 1]
    number, finest = (
        next((one for one in kept if window.seconds / SHOWN[one].seconds <= most), kept[-1])
        for most in (most_points, max(most_points, PANEL_POINTS))
    )
    return SHOWN[number], SHOWN[finest - 1 if finest - 1 in kept else finest]


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


def _together(
    metrics: Collection[Metric],
    groups: Mapping[str, tuple[int, dict[int, Labels]]],
    window: Window,
    most_points: int,
) -> dict[tuple[Level, Level], list[str]]:
    """The names of the metrics that are read from the same levels: usually all of them."""
    horizons = _horizons({owner for owner, _ in groups.values()})
    found: dict[tuple[Level, Level], list[str]] = defaultdict(list)
    for metric in metrics:
        until = horizons.get((groups[metric.name][0], metric.source.name), {})
        found[_levels(window, until, most_points)].append(metric.name)
    return found


def _read(
    names: Sequence[str],
    groups: Mapping[str, tuple[int, dict[int, Labels]]],
    parts_of_time: Sequence[Stretch],
    plain: Collection[str] = (),
) -> Iterator[tuple[str, Labels, int, Summary]]:
    """The summaries of all the metrics: name, labels, start of the bucket, summary."""
    whole, bare = (_places([name for name in names if (name in plain) is is_plain], groups) for is_plain in (False, True))
    for part in parts_of_time:
        bounds = (part.start, part.end)
        for (series_id, begin), summary in read(part.level, whole, *bounds).items():
            yield *whole[series_id], begin, summary
        for (series_id, begin), summary in read_plain(part.level, bare, *bounds):
            yield *bare[series_id], begin, summary


def _places(names: Sequence[str], groups: Mapping[str, tuple[int, dict[int, Labels]]]) -> dict[int, tuple[str, Labels]]:
    return {series_id: (name, labels) for name in names for series_id, labels in groups[name][1].items()}


def added(
    places: Mapping[int, tuple[str, Labels]], parts_of_time: Sequence[Stretch]
) -> Iterator[tuple[str, Labels, Summary]]:
    """The summaries of series, without what is packed, added up by the store: a row a series, not a bucket.

    `places` are the series by primary key, each with its metric and labels.
    """
    for part in parts_of_time:
        for series_id, summary in add_up(part.level, places, part.start, part.end):
            yield *places[series_id], summary


def _points(at: Mapping[int, Sequence[Summary]], level: Level, moments: dict[int, datetime]) -> list[Point]:
    """`moments` are the starts as moments, the same for all series."""
    found = []
    for begin, some in sorted(at.items()):
        start = moments.get(begin) or moments.setdefault(begin, datetime.fromtimestamp(begin, UTC))
        found.append(Point(start, level.seconds, some[0] if len(some) == 1 else merge(some)))
    return found
