"""What a panel is asked, and the buckets read for it: each metric once a page, however many panels show it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from observatory.charts.marks import Mark, TimeLine
from observatory.metrics import catalogue, series, windows
from observatory.metrics.catalogue import Kind, Metric
from observatory.metrics.levels import Level
from observatory.metrics.series import Labels, Point, Window
from observatory.metrics.windows import PANEL_POINTS, Lines
from observatory.stats.intervals import Interval
from observatory.stats.summary import Summary, merge

T = TypeVar("T")
FIRST_OF = "interactions.count"
Figure = Callable[[Summary], float | None]
Query = Callable[[datetime, datetime], str]


class Key(NamedTuple):
    """What was read: `is_plain` of a distribution without its bins."""

    name: str
    window: Window
    is_plain: bool


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
    def first_at(self) -> datetime | None:
        """When the interactions of the project begin; None without any."""
        return series.first_start(catalogue.metric(FIRST_OF), project_id=self.project_id)

    @cached_property
    def is_before_whole(self) -> bool:
        """Whether the data go back to the window before, but for a tenth of it; also of a project without any."""
        first = self.first_at
        return first is None or first <= self.before.start + (self.before.end - self.before.start) / 10

    @cached_property
    def _lines(self) -> dict[tuple[Key, int], Lines]:
        return {}

    @cached_property
    def _drawn(self) -> dict[Key, int]:
        """With how many points a metric was read as lines, which hold the same buckets as its whole."""
        return {}

    @cached_property
    def _wholes(self) -> dict[Key, Mapping[Labels, Summary]]:
        return {}

    @cached_property
    def _summed(self) -> dict[Any, Mapping[Labels, Summary]]:
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

    def read(
        self, *names: str, window: Window | None = None, most_points: int = PANEL_POINTS, plain: Collection[str] = ()
    ) -> None:
        """Read points of metrics together, in as many queries as one takes. What is missing later is read when asked for.

        Of those that `plain` names, numbers, sums and squares are enough.
        """
        keys = [self._key(name, window, name in plain) for name in names]
        missing = {key.name: key for key in keys if (key, most_points) not in self._lines}
        if missing:
            found = windows.read_lines(most_points=most_points, **self._place(missing.values(), window or self.window))
            for name, lines in found.items():
                self._lines[missing[name], most_points] = lines
                self._drawn.setdefault(missing[name], most_points)

    def read_wholes(self, *names: str, window: Window | None = None, plain: Collection[str] = ()) -> None:
        """As `read`, for metrics of which only summaries are asked: from fewer and larger buckets."""
        keys = [self._key(name, window, name in plain) for name in names]
        missing = {key.name: key for key in keys if key not in self._drawn and key not in self._wholes}
        if missing:
            found = windows.read_wholes(**self._place(missing.values(), window or self.window))
            self._wholes.update({missing[name]: summaries for name, summaries in found.items()})

    def _key(self, name: str, window: Window | None, is_plain: bool) -> Key:
        """Plain is what may be, has anything besides its numbers, and was not read whole anyway."""
        whole = Key(name, window or self.window, is_plain=False)
        is_plain = is_plain and catalogue.metric(name).kind is Kind.DISTRIBUTION
        return whole._replace(is_plain=is_plain and whole not in self._drawn and whole not in self._wholes)

    def _place(self, keys: Collection[Key], window: Window) -> dict[str, Any]:
        is_before = window == self.before
        return {
            "metrics": [catalogue.metric(key.name) for key in keys],
            "plain": {key.name for key in keys if key.is_plain},
            "project_id": self.project_id,
            "window": self.window if is_before else window,
            "is_before": is_before,
            "is_open": not is_before and window.end >= self.now,
        }

    def points(
        self,
        name: str,
        *,
        by: Sequence[str] = (),
        window: Window | None = None,
        most_points: int = PANEL_POINTS,
        is_plain: bool = False,
        **where: str,
    ) -> dict[Labels, list[Point]]:
        """Return the points of a metric by labels, as `series.points` does; labels of `only` that it has narrow them.

        The first point begins at or before the window's start, but holds only what lies in the window. With `is_plain`
        numbers, sums and squares are enough.
        """
        metric, lines = catalogue.metric(name), self._read(name, window, most_points, is_plain)
        wanted = {**self.followed(metric), **where}
        key = (id(lines), tuple(by), tuple(sorted(wanted.items())))
        if key not in self._answered:
            self._answered[key] = _grouped(metric, lines.points, by, wanted)
        return self._answered[key]

    def _read(self, name: str, window: Window | None, most_points: int, is_plain: bool) -> Lines:
        key = self._key(name, window, is_plain)
        self.read(name, window=window, most_points=most_points, plain=(name,) if key.is_plain else ())
        return self._lines[key, most_points]

    def summary(self, name: str, *, window: Window | None = None, is_plain: bool = False, **where: str) -> Summary:
        """The whole window of a metric in one. `is_plain`: for a mean or a share, which need no bins."""
        return self._summaries(name, (), window, where, is_plain).get((), Summary())

    def summaries(
        self, name: str, by: str, *, window: Window | None = None, is_plain: bool = False, **where: str
    ) -> dict[str, Summary]:
        """The whole window of a metric, for each value of a label."""
        return {labels[0]: one for labels, one in self._summaries(name, (by,), window, where, is_plain).items()}

    def groups(self, name: str, *by: str, window: Window | None = None, **where: str) -> Mapping[Labels, Summary]:
        """The whole window of a metric, for each combination of values of some labels."""
        return self._summaries(name, by, window, where)

    def _summaries(
        self, name: str, by: Sequence[str], window: Window | None, where: Mapping[str, str], is_plain: bool = False
    ) -> Mapping[Labels, Summary]:
        key = self._key(name, window, is_plain)
        self.read_wholes(name, window=window, plain=(name,) if key.is_plain else ())
        asked = (key, tuple(by), tuple(sorted(where.items())))
        if asked not in self._summed:
            self._summed[asked] = {labels: merge(parts) for labels, parts in self._parts(key, by, where).items()}
        return self._summed[asked]

    def _parts(self, key: Key, by: Sequence[str], where: Mapping[str, str]) -> Mapping[Labels, Iterable[Summary]]:
        """What a whole is merged of: the points where there are some, else the series."""
        if key in self._drawn:
            lines = self.points(
                key.name, by=by, window=key.window, most_points=self._drawn[key], is_plain=key.is_plain, **where
            )
            return {labels: [point.summary for point in line] for labels, line in lines.items()}
        metric, found = catalogue.metric(key.name), dict[Labels, list[Summary]]()
        for labels, group in _kept(metric, self._wholes[key], by, {**self.followed(metric), **where}):
            found.setdefault(group, []).append(self._wholes[key][labels])
        return dict(sorted(found.items()))

    def values(self, name: str, label: str) -> set[str]:
        """The values of a label in the window, whatever the page is narrowed by."""
        place = [one.name for one in catalogue.metric(name).labels].index(label)
        return {labels[place] for labels in self._read(name, None, PANEL_POINTS, is_plain=False).points}

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

    def level(self, name: str, *, most_points: int = PANEL_POINTS, is_plain: bool = False) -> Level:
        """The resolution of the points of a metric."""
        return self._read(name, None, most_points, is_plain).level

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
