"""Bottlenecks (ledger M7), found by declared rules and said in words with numbers: "Memory above 90 % for 3 h 20 min"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from observatory.core.formats import moment
from observatory.metrics import catalogue
from observatory.metrics.series import Point
from observatory.metrics.words import say
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Cell, Column, Content, Link, Table
from reports.panels.gauges import long
from reports.panels.hosts import WAITING, by_host, is_borrowed, whose

ROWS_SHOWN = 20
WIDENED = timedelta(minutes=30)  # what is shown around a bottleneck when it is opened


@dataclass(frozen=True, slots=True)
class Stretch:
    """[start, end): what was the case all the time; `worst` is the worst value of it, `first` and `last` its ends."""

    start: datetime
    end: datetime
    worst: float
    first: float
    last: float

    @property
    def span(self) -> timedelta:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Beyond:
    """The mean of each step was above `limit` (or below it) for at least `at_least`."""

    metric: str
    word: str
    limit: float
    at_least: timedelta
    is_below: bool = False

    @property
    def rule(self) -> str:
        return f"{self._case} for {long(self.at_least)} or longer"

    @property
    def _case(self) -> str:
        return f"{self.word} {'below' if self.is_below else 'above'} {say(catalogue.metric(self.metric), self.limit)}"

    def found(self, points: Sequence[Point]) -> list[Stretch]:
        means = [(point, point.summary.mean) for point in points if point.summary.mean is not None]
        runs = _runs([(point, mean) for point, mean in means if self._is_beyond(mean)])
        worst = min if self.is_below else max
        stretches = [_stretch(run, worst(mean for _, mean in run)) for run in runs]
        return [one for one in stretches if one.span >= self.at_least]

    def _is_beyond(self, mean: float) -> bool:
        return mean < self.limit if self.is_below else mean > self.limit

    def said(self, one: Stretch) -> str:
        return f"{self._case} for {long(one.span)}"


@dataclass(frozen=True, slots=True)
class Growing:
    """The level rose without falling back for at least `at_least`, to twice of what it was, and by `by` or more.

    Compared are medians of three steps, so that one step alone neither makes nor breaks a rise.
    """

    metric: str
    word: str
    by: float
    at_least: timedelta

    @property
    def rule(self) -> str:
        return f"{self.word} doubling and growing by {self.by:,.0f} within {long(self.at_least)} or longer"

    def found(self, points: Sequence[Point]) -> list[Stretch]:
        means = [(point, point.summary.mean) for point in points if point.summary.mean is not None]
        smooth = [
            (point, median(mean for _, mean in means[max(0, place - 1) : place + 2]))
            for place, (point, _) in enumerate(means)
        ]
        stretches = [_stretch(_without_flat_ends(run), run[-1][1]) for run in _rises(smooth)]
        return [one for one in stretches if self._is_growth(one)]

    def _is_growth(self, one: Stretch) -> bool:
        return one.span >= self.at_least and one.last >= 2 * one.first and one.last - one.first >= self.by

    def said(self, one: Stretch) -> str:
        return f"{self.word} grew from {one.first:,.0f} to {one.last:,.0f} within {long(one.span)}"


Rule = Beyond | Growing
QUARTER, HALF_HOUR = timedelta(minutes=15), timedelta(minutes=30)
RULES: tuple[Rule, ...] = (
    Beyond("system.cpu", "CPU", 90.0, QUARTER),
    Beyond("system.memory", "Memory", 90.0, QUARTER),
    Beyond("system.disk", "Disk", 90.0, QUARTER),
    Beyond("system.health_score", "Health score", 60.0, QUARTER, is_below=True),
    Growing("system.queue", "The queue of work", 100.0, HALF_HOUR),
    Beyond(WAITING, "Time until a new trace can be read", 60.0, QUARTER),
)


def _runs(marks: Sequence[tuple[Point, float]]) -> Iterator[list[tuple[Point, float]]]:
    """Marks whose steps follow each other without a gap."""
    run: list[tuple[Point, float]] = []
    for mark in marks:
        if run and mark[0].start != _end(run[-1][0]):
            yield run
            run = []
        run.append(mark)
    if run:
        yield run


def _rises(marks: Sequence[tuple[Point, float]]) -> Iterator[list[tuple[Point, float]]]:
    """Runs in which no value is below the one before."""
    for run in _runs(marks):
        rise = run[:1]
        for before, mark in pairwise(run):
            if mark[1] < before[1]:
                yield rise
                rise = []
            rise.append(mark)
        yield rise


def _without_flat_ends(run: list[tuple[Point, float]]) -> list[tuple[Point, float]]:
    """The rise itself: without the time before it began and after it ended."""
    first, last = run[0][1], run[-1][1]
    begin = max((place for place, (_, value) in enumerate(run) if value == first), default=0)
    end = next(place for place, (_, value) in enumerate(run) if value == last)
    return run[begin : end + 1] if begin < end else run[:1]


def _stretch(run: Sequence[tuple[Point, float]], worst: float) -> Stretch:
    return Stretch(run[0][0].start, _end(run[-1][0]), worst, run[0][1], run[-1][1])


def _end(point: Point) -> datetime:
    return point.start + timedelta(seconds=point.seconds)


@dataclass(frozen=True, slots=True)
class Bottleneck:
    rule: Rule
    host: str
    stretch: Stretch


def bottlenecks_of(asked: Asked) -> list[Bottleneck]:
    """What the rules find, the longest first."""
    found = []
    for rule in RULES:
        lines = by_host(rule.metric, asked)
        found += [Bottleneck(rule, host, one) for host, line in lines.items() for one in rule.found(line)]
    return sorted(found, key=lambda one: (-one.stretch.span, one.stretch.start, one.rule.metric, one.host))


def bottlenecks(asked: Asked) -> Content:
    found = bottlenecks_of(asked)
    looked = f"Looked for: {'; '.join(rule.rule for rule in RULES)}."
    if not found:
        return Content(words=f"None in this time. {looked}")
    rows = [_row(one, asked) for one in found[:ROWS_SHOWN]]
    columns = [Column("What"), Column("Where"), Column("From (UTC)"), Column("To (UTC)"), Column("Worst", is_number=True)]
    hidden = len(found) - ROWS_SHOWN
    return Content(
        table=Table(columns, rows, more=f"{hidden} shorter ones are not listed." if hidden > 0 else ""),
        words=looked,
        n=len(found),
        n_of="found",
    )


def _row(one: Bottleneck, asked: Asked) -> list[Cell]:
    metric, stretch = catalogue.metric(one.rule.metric), one.stretch
    shown = {"since": (stretch.start - WIDENED).isoformat(), "until": (stretch.end + WIDENED).isoformat()}
    link = Link("metric", {"name": metric.name, **shown, **({"where": f"host:{one.host}"} if one.host else {})})
    goes_on = stretch.end >= asked.now - timedelta(minutes=10)
    return [
        Cell(one.rule.said(stretch), link=link, judgement="worse"),
        Cell(whose(one.host, is_borrowed=is_borrowed(metric.name, asked)) if one.host else "this project"),
        Cell(moment(stretch.start)[:-3]),
        Cell("still so" if goes_on else moment(stretch.end)[:-3]),
        Cell(say(metric, stretch.worst)),
    ]


declare(
    Panel(
        "bottlenecks",
        "Where was it tight?",
        "CPU, memory, disk, health, queue and the processing of traces beyond their limits for a while, by declared rules.",
        "Resources",
        bottlenecks,
        width="whole",
    ),
)
