"""What a panel is asked, and the buckets read for it: each metric once a page, however many panels show it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

from observatory.charts.marks import Mark, TimeLine
from observatory.metrics import catalogue, series, windows
from observatory.metrics.catalogue import Metric
from observatory.metrics.levels import Level
from observatory.metrics.series import Labels, Point, Window
from observatory.metrics.windows import PANEL_POINTS, Lines
from observatory.stats.intervals import Interval
from observatory.stats.summary import Summary, merge

T = TypeVar("T")
FIRST_OF = "interactions.count"
Figure = Callable[[Summary], float | None]
Query = Callable[[datetime, datetime], str]


def no_drill(start: datetime, end: datetime) -> str:
    return ""


@dataclass(frozen=True)
class Asked:
    """Whose figures, of which time, and narrowed by which labels (`model`, `environment`)."""

    project_id: int
    window: Window
    now: datetime
    only: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def before(self) -> Window:
        """The window of the same length that ends where this one begins. No bucket is read for both."""
        return windows.before(self.window)

    @cached_property
    def is_before_whole(self) -> bool:
        """Whether the data go back to the window before, but for a tenth of it; also of a project without any."""
        first = series.first_start(catalogue.metric(FIRST_OF), project_id=self.project_id)
        return first is None or first <= self.before.start + (self.before.end - self.before.start) / 10

    @cached_property
    def _read(self) -> dict[tuple[str, Window, int], Lines]:
        return {}

    @cached_property
    def _wholes(self) -> dict[tuple[str, Window], Mapping[Labels, Summary]]:
        return {}

    @cached_property
    def _answered(self) -> dict[Any, dict[Labels, list[Point]]]:
        return {}

    @cached_property
    def _shared(self) -> dict[str, Any]:
        return {}

    def once(self, key: str, read: Callable[[], T]) -> T:
        """What `read` returns, read once a page under this key: for what several panels share and no bucket keeps."""
        if key not in self._shared:
            self._shared[key] = read()
        return self._shared[key]

    def read(self, *names: str, window: Window | None = None, most_points: int = PANEL_POINTS) -> None:
        """Read points of metrics together, in as many queries as one takes. What is missing later is read when asked for."""
        window = window or self.window
        missing = [catalogue.metric(name) for name in names if (name, window, most_points) not in self._read]
        if missing:
            place = self._place(window)
            found = windows.read_lines(missing, project_id=self.project_id, most_points=most_points, **place)
            self._read.update({(name, window, most_points): lines for name, lines in found.items()})

    def read_wholes(self, *names: str, window: Window | None = None) -> None:
        """As `read`, for metrics of which only summaries are asked: from fewer and larger buckets."""
        window = window or self.window
        missing = [catalogue.metric(name) for name in names if (name, window) not in self._wholes]
        for metric in [one for one in missing if (one.name, window, PANEL_POINTS) in self._read]:
            lines = self._read[metric.name, window, PANEL_POINTS].points
            merged = {labels: merge(point.summary for point in line) for labels, line in lines.items()}
            self._wholes[metric.name, window] = merged
            missing.remove(metric)
        if missing:
            found = windows.read_wholes(missing, project_id=self.project_id, **self._place(window))
            self._wholes.update({(name, window): summaries for name, summaries in found.items()})

    def _place(self, window: Window) -> dict[str, Any]:
        is_before = window == self.before
        is_open = not is_before and window.end >= self.now
        return {"window": self.window if is_before else window, "is_before": is_before, "is_open": is_open}

    def points(
        self,
        name: str,
        *,
        by: Sequence[str] = (),
        window: Window | None = None,
        most_points: int = PANEL_POINTS,
        **where: str,
    ) -> dict[Labels, list[Point]]:
        """Return the points of a metric by labels, as `series.points` does; labels of `only` that it has narrow them.

        The first point begins at or before the window's start, but holds only what lies in the window.
        """
        metric, window = catalogue.metric(name), window or self.window
        self.read(name, window=window, most_points=most_points)
        wanted = {**self.followed(metric), **where}
        key = (name, window, most_points, tuple(by), tuple(sorted(wanted.items())))
        if key not in self._answered:
            self._answered[key] = _grouped(metric, self._read[name, window, most_points].points, by, wanted)
        return self._answered[key]

    def summary(self, name: str, *, window: Window | None = None, **where: str) -> Summary:
        """The whole window of a metric in one."""
        return merge(self._summaries(name, (), window, where).get((), ()))

    def summaries(self, name: str, by: str, *, window: Window | None = None, **where: str) -> dict[str, Summary]:
        """The whole window of a metric, for each value of a label."""
        return {labels[0]: merge(some) for labels, some in self._summaries(name, (by,), window, where).items()}

    def groups(self, name: str, *by: str, window: Window | None = None, **where: str) -> dict[Labels, Summary]:
        """The whole window of a metric, for each combination of values of some labels."""
        return {labels: merge(some) for labels, some in self._summaries(name, by, window, where).items()}

    def _summaries(
        self, name: str, by: Sequence[str], window: Window | None, where: Mapping[str, str]
    ) -> dict[Labels, list[Summary]]:
        metric, window = catalogue.metric(name), window or self.window
        self.read_wholes(name, window=window)
        found: dict[Labels, list[Summary]] = {}
        for labels, key in _kept(metric, self._wholes[name, window], by, {**self.followed(metric), **where}):
            found.setdefault(key, []).append(self._wholes[name, window][labels])
        return dict(sorted(found.items()))

    def values(self, name: str, label: str) -> set[str]:
        """The values of a label in the window, whatever the page is narrowed by."""
        self.read(name)
        place = [one.name for one in catalogue.metric(name).labels].index(label)
        return {labels[place] for labels in self._read[name, self.window, PANEL_POINTS].points}

    def line(
        self,
        title: str,
        points: Sequence[Point],
        figure: Figure,
        *,
        level: Level,
        empty: float | None = None,
        drill: Query = no_drill,
        interval: Callable[[Summary], Interval | None] | None = None,
    ) -> TimeLine:
        """A line of marks, one for each step of the window; a step without facts is `empty`."""
        at = {int(point.start.timestamp()): point.summary for point in points}
        zone = self.window.start.tzinfo
        marks = []
        for begin in self.steps(level):
            since = max(datetime.fromtimestamp(begin, zone), self.window.start)
            until = datetime.fromtimestamp(begin + level.seconds, zone)
            summary = at.get(begin)
            query = drill(since, until) if summary else ""
            value = figure(summary) if summary else empty
            ends = interval(summary) if summary and interval and value is not None else None
            marks.append(Mark(value, n=summary.n if summary else 0, drill=query, interval=ends))
        start = level.start_of(self.window.start.timestamp())
        return TimeLine(title, datetime.fromtimestamp(start, zone), timedelta(seconds=level.seconds), marks)

    def steps(self, level: Level) -> range:
        """The starts of the steps of the window, in Unix seconds; the first may lie before the window's start."""
        return range(level.start_of(self.window.start.timestamp()), int(-(-self.window.end.timestamp() // 1)), level.seconds)

    def level(self, name: str, *, most_points: int = PANEL_POINTS) -> Level:
        """The resolution of the points of a metric."""
        self.read(name, most_points=most_points)
        return self._read[name, self.window, most_points].level

    def followed(self, metric: Metric) -> dict[str, str]:
        """The labels of `only` that this metric has."""
        names = {label.name for label in metric.labels}
        return {label: value for label, value in self.only.items() if label in names}

    def is_borrowed(self, name: str) -> bool:
        """Whether these are Observatory's own figures, for the project reports none of a metric that is shared."""
        owner = self.once(f"owner:{name}", lambda: series.owner_of(catalogue.metric(name), self.project_id))
        return owner != self.project_id

    def is_followed(self, name: str) -> bool:
        """Whether the metric has every label that the page is narrowed by; else its figures are of all."""
        return len(self.followed(catalogue.metric(name))) == len(self.only)


def _kept(
    metric: Metric, every: Iterable[Labels], by: Sequence[str], where: Mapping[str, str]
) -> Iterator[tuple[Labels, Labels]]:
    """The label values that `where` keeps, each with those of `by`. KeyError for a label that the metric has not."""
    places = {label.name: place for place, label in enumerate(metric.labels)}
    wanted = [(places[label], value) for label, value in where.items()]
    chosen = [places[label] for label in by]
    for labels in every:
        if all(labels[place] == value for place, value in wanted):
            yield labels, tuple(labels[place] for place in chosen)


def _grouped(
    metric: Metric, lines: Mapping[Labels, Sequence[Point]], by: Sequence[str], where: Mapping[str, str]
) -> dict[Labels, list[Point]]:
    """The points of the series that `where` keeps, merged by the labels in `by`."""
    found: dict[Labels, dict[datetime, list[Point]]] = {}
    for labels, key in _kept(metric, lines, by, where):
        at = found.setdefault(key, {})
        for point in lines[labels]:
            at.setdefault(point.start, []).append(point)
    return {key: [_merged(points) for _, points in sorted(at.items())] for key, at in sorted(found.items())}


def _merged(points: Sequence[Point]) -> Point:
    if len(points) == 1:
        return points[0]
    return Point(points[0].start, points[0].seconds, merge(point.summary for point in points))
