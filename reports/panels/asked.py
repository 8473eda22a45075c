"""What a panel is asked, and the buckets read for it: each metric once a page, however many panels show it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from observatory.charts.marks import Mark, TimeLine
from observatory.metrics import catalogue, series
from observatory.metrics.catalogue import Metric
from observatory.metrics.levels import Level
from observatory.metrics.series import Labels, Point, Window
from observatory.stats.summary import Summary, merge

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
        """The window of the same length that ends where this one begins."""
        return Window(self.window.start - (self.window.end - self.window.start), self.window.start)

    @cached_property
    def _read(self) -> dict[tuple[str, Window], dict[Labels, list[Point]]]:
        return {}

    def points(
        self, name: str, *, by: Sequence[str] = (), window: Window | None = None, **where: str
    ) -> dict[Labels, list[Point]]:
        """Return the points of a metric by labels, as `series.points` does; labels of `only` that it has narrow them."""
        metric, window = catalogue.metric(name), window or self.window
        key = (name, window)
        if key not in self._read:
            self._read[key] = self._points(metric, window)
        names = [label.name for label in metric.labels]
        wanted = [(names.index(label), value) for label, value in {**self.followed(metric), **where}.items()]
        chosen = [names.index(label) for label in by]
        found: dict[Labels, dict[datetime, list[Point]]] = {}
        for labels, line in self._read[key].items():
            if all(labels[place] == value for place, value in wanted):
                at = found.setdefault(tuple(labels[place] for place in chosen), {})
                for point in line:
                    at.setdefault(point.start, []).append(point)
        return {labels: [_merged(points) for _, points in sorted(at.items())] for labels, at in sorted(found.items())}

    def summary(self, name: str, *, window: Window | None = None, **where: str) -> Summary:
        """The whole window of a metric in one."""
        return merge(point.summary for line in self.points(name, window=window, **where).values() for point in line)

    def summaries(self, name: str, by: str, *, window: Window | None = None, **where: str) -> dict[str, Summary]:
        """The whole window of a metric, for each value of a label."""
        found = self.points(name, by=(by,), window=window, **where)
        return {labels[0]: merge(point.summary for point in line) for labels, line in found.items()}

    def line(
        self,
        title: str,
        points: Sequence[Point],
        figure: Figure,
        *,
        level: Level,
        empty: float | None = None,
        drill: Query = no_drill,
    ) -> TimeLine:
        """A line of marks, one for each step of the window; a step without facts is `empty`."""
        at = {int(point.start.timestamp()): point.summary for point in points}
        start = level.start_of(self.window.start.timestamp())
        marks = []
        for begin in range(start, int(-(-self.window.end.timestamp() // 1)), level.seconds):
            since = datetime.fromtimestamp(begin, self.window.start.tzinfo)
            summary = at.get(begin)
            query = drill(since, since + timedelta(seconds=level.seconds)) if summary else ""
            marks.append(Mark(figure(summary) if summary else empty, n=summary.n if summary else 0, drill=query))
        return TimeLine(
            title, datetime.fromtimestamp(start, self.window.start.tzinfo), timedelta(seconds=level.seconds), marks
        )

    def level(self, name: str) -> Level:
        """The resolution that the window is answered in."""
        return series.level_for(catalogue.metric(name), project_id=self.project_id, window=self.window)

    def followed(self, metric: Metric) -> dict[str, str]:
        """The labels of `only` that this metric has."""
        names = {label.name for label in metric.labels}
        return {label: value for label, value in self.only.items() if label in names}

    def is_followed(self, name: str) -> bool:
        """Whether the metric has every label that the page is narrowed by; else its figures are of all."""
        return len(self.followed(catalogue.metric(name))) == len(self.only)

    def _points(self, metric: Metric, window: Window) -> dict[Labels, list[Point]]:
        level = series.level_for(metric, project_id=self.project_id, window=window)
        every = [label.name for label in metric.labels]
        return series.points(metric, project_id=self.project_id, window=window, by=every, level=level)


def _merged(points: Sequence[Point]) -> Point:
    if len(points) == 1:
        return points[0]
    return Point(points[0].start, points[0].seconds, merge(point.summary for point in points))
