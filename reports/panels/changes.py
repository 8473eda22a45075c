"""What changed: the segments that most of a move of latency, cost or errors comes from, against the window before."""

from collections.abc import Callable
from dataclasses import dataclass

from interactions.metrics.segments import NONE
from observatory.core import formats
from observatory.metrics import catalogue
from observatory.metrics.catalogue import OTHER
from observatory.metrics.totals import Totals, totals
from observatory.metrics.words import share
from observatory.stats.contributions import (
    LEAST_SHARE,
    Change,
    Contribution,
    Segments,
    change_of_mean,
    change_of_total,
    contributions_to_mean,
    contributions_to_total,
    main_contributions,
    volume_effect,
)
from observatory.stats.summary import Summary, merge
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.change import signed
from reports.panels.content import Cell, Column, Content, Table

MOST_SEGMENTS = 3  # of one measure
MATERIAL = 0.05  # a smaller move is clear where there are many requests, and still nothing to look at
SAME_FACTS = 0.01  # a dimension that was counted for a part of the time only says nothing of the whole
EMPTY = {NONE, "unknown", "default"}
COLUMNS = (
    Column("What moved"),
    Column("Comes from"),
    Column("Share of it", is_number=True),
    Column("Before → now", is_number=True),
    Column("n", is_number=True),
)
OVERLAP = "Shares of different kinds of segments overlap, so they do not add up."


@dataclass(frozen=True, slots=True)
class Dimension:
    """`by` are the labels that tell its segments apart: parameters of the list of interactions, too."""

    title: str
    plural: str
    by: tuple[str, ...]
    suffix: str


@dataclass(frozen=True, slots=True)
class Measure:
    """`broad` is its metric by model and environment, `narrow` the beginning of the names of those by another dimension."""

    title: str
    broad: str
    narrow: str
    say: Callable[[float], str]
    is_total: bool = False
    is_share: bool = False
    status: str = ""

    def metric(self, dimension: Dimension) -> str:
        return f"{self.narrow}_{dimension.suffix}" if dimension.suffix else self.broad

    def figure(self, summary: Summary) -> float:
        return summary.total if self.is_total else summary.mean or 0.0


DIMENSIONS = (
    Dimension("model", "models", ("model",), ""),
    Dimension("environment", "environments", ("environment",), ""),
    Dimension("release", "releases", ("release",), "release"),
    Dimension("prompt version", "prompt versions", ("prompt_name", "prompt_version"), "prompt"),
    Dimension("category", "categories", ("category",), "category"),
)
MEASURES = (
    Measure("Mean latency", "interactions.latency_by_model", "interactions.latency_by", formats.duration),
    Measure("Cost", "interactions.cost", "interactions.cost_by", formats.dollars, is_total=True),
    Measure("Error rate", "interactions.error_rate", "interactions.errors_by", share, is_share=True, status="error"),
)
METRICS = sorted({measure.metric(dimension) for measure in MEASURES for dimension in DIMENSIONS})


def what_changed(asked: Asked) -> Content:
    metrics = [catalogue.metric(name) for name in METRICS]
    pair = totals(metrics, project_id=asked.project_id, window=asked.window)
    rows, still, known = [], [], []
    for measure in MEASURES:
        if measure.is_total and not asked.is_before_whole:
            continue
        change = _change(measure, asked, pair)
        if not change.is_enough:
            continue
        known.append(change.after.n)
        if not change.is_clear or not _is_material(measure, change):
            still.append(f"{measure.title.lower()} ({_move(measure, change.before, change.after)})")
            continue
        rows += _rows(measure, change, asked, pair)
    if not known:
        return Content(reason="Too few interactions in this time or in the one before to tell a change from chance.")
    words = [f"No clear change: {', '.join(still)}."] if still else []
    return Content(
        table=Table(COLUMNS, rows) if rows else None,
        words=" ".join([*words, *([OVERLAP] if len(rows) > 1 else [])]),
        n=max(known),
    )


def _change(measure: Measure, asked: Asked, pair: tuple[Totals, Totals]) -> Change:
    before, after = (merge(_segments(measure, DIMENSIONS[0], asked, side).values()) for side in pair)
    return change_of_total(before, after) if measure.is_total else change_of_mean(before, after)


def _segments(measure: Measure, dimension: Dimension, asked: Asked, side: Totals) -> dict[tuple[str, ...], Summary]:
    """The summaries of a measure by the segments of a dimension, narrowed as the page is."""
    metric = catalogue.metric(measure.metric(dimension))
    names = [label.name for label in metric.labels]
    wanted = [(names.index(name), value) for name, value in asked.followed(metric).items()]
    found: dict[tuple[str, ...], list[Summary]] = {}
    for labels, summary in side.get(metric.name, {}).items():
        if all(labels[place] == value for place, value in wanted):
            found.setdefault(tuple(labels[names.index(name)] for name in dimension.by), []).append(summary)
    return {name: merge(parts) for name, parts in found.items()}


def _is_material(measure: Measure, change: Change) -> bool:
    before = measure.figure(change.before)
    return not before or abs(change.amount) >= MATERIAL * before


def _rows(measure: Measure, change: Change, asked: Asked, pair: tuple[Totals, Totals]) -> list[list[Cell]]:
    whole = Cell(_headline(measure, change), judgement="worse" if change.amount > 0 else "better")
    found = [
        one
        for dimension in DIMENSIONS
        if asked.is_followed(measure.metric(dimension))
        for one in _main(measure, dimension, change, asked, pair)
    ]
    found.sort(key=lambda one: -_excess(one[1], change))
    cells = [*_volume(measure, change), *(_cells(measure, *one, change, asked) for one in found[:MOST_SEGMENTS])]
    if not cells:
        alike = Cell("everywhere: no segment stands out")
        cells = [[alike, Cell(""), Cell(_move(measure, change.before, change.after)), _n(change.after)]]
    return [[whole, *row] for row in cells]


def _excess(one: Contribution, change: Change) -> float:
    """How much more of a change comes from a segment than its size lets expect."""
    return one.amount / change.amount - one.expected


def _volume(measure: Measure, change: Change) -> list[list[Cell]]:
    """That there were more or fewer requests, where it is a good part of the change of a total."""
    part = volume_effect(change.before, change.after) / change.amount if measure.is_total else 0.0
    if part < LEAST_SHARE:
        return []
    words = f"{'more' if change.amount > 0 else 'fewer'} interactions"
    counts = Cell(f"{change.before.n:,} → {change.after.n:,}")
    return [[Cell(words), Cell(f"{part * 100:.0f} %", share=min(1.0, part)), counts, _n(change.after)]]


def _main(
    measure: Measure, dimension: Dimension, change: Change, asked: Asked, pair: tuple[Totals, Totals]
) -> list[tuple[Dimension, Contribution]]:
    """The segments of a dimension that stand out."""
    before, after = (_segments(measure, dimension, asked, side) for side in pair)
    if len({*before, *after}) < 2 or not (_covers(before, change.before) and _covers(after, change.after)):
        return []
    contributions = (contributions_to_total if measure.is_total else contributions_to_mean)(before, after)
    return [(dimension, one) for one in main_contributions(contributions, of=change.amount, most=MOST_SEGMENTS)]


def _covers(segments: Segments, whole: Summary) -> bool:
    return abs(sum(one.n for one in segments.values()) - whole.n) <= SAME_FACTS * whole.n


def _cells(measure: Measure, dimension: Dimension, one: Contribution, change: Change, asked: Asked) -> list[Cell]:
    name, query = _named(dimension, one)
    link = drill.interactions(asked, **query, status=measure.status) if query and one.after.n else None
    part = one.amount / change.amount
    return [
        Cell(name, link=link),
        Cell(f"{part * 100:.0f} %", share=min(1.0, part)),
        Cell(_move(measure, one.before, one.after, each=True)),
        _n(one.after),
    ]


def _named(dimension: Dimension, one: Contribution) -> tuple[str, dict[str, str]]:
    """A segment in words, and the query that lists it; none for what was not said, and for what was counted together."""
    values = [str(value) for value in one.name]
    if OTHER in values:
        return f"other {dimension.plural}", {}
    query = {name: value for name, value in zip(dimension.by, values, strict=True) if value not in EMPTY}
    if not query:
        return f"no {dimension.title} named", {}
    return f"{dimension.title} {' '.join(query.values())}", query


def _headline(measure: Measure, change: Change) -> str:
    before = measure.figure(change.before)
    if measure.is_share:
        points = change.amount * 100
        moved = f"{signed(points, 1 if abs(points) >= 1 else 2)} points"
    else:
        moved = f"{signed(change.amount / before * 100, 0)} %" if before else "up from nothing"
    return f"{measure.title} {moved} ({_move(measure, change.before, change.after)})"


def _move(measure: Measure, before: Summary, after: Summary, *, each: bool = False) -> str:
    """From what to what; with `each` a total is told by its mean, which is what a segment is charged with."""
    if each and measure.is_total:
        return f"{' → '.join(measure.say(side.mean) if side.mean is not None else 'none' for side in (before, after))} each"
    return " → ".join(measure.say(measure.figure(side)) if side.n else "none" for side in (before, after))


def _n(after: Summary) -> Cell:
    return Cell(formats.count(after.n))


declare(
    Panel(
        "what_changed",
        "What changed?",
        "The segments that most of a move of latency, cost or errors comes from, against the window before. "
        "A move within chance is not explained.",
        "Changes",
        what_changed,
        width="whole",
    ),
)
