"""What the interactions of a list can be narrowed by: the values that are there, each with its number.

A full count of a large table takes seconds. The newest SAMPLE that pass are counted; where these are all, it is exact.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from interactions.latency import CATEGORIES, POOR, latency_category
from interactions.reading.filters import FACETS, RANGES, SAID, STATUSES
from interactions.reading.narrowing import Narrowing, Value
from interactions.reading.opinions import Marks, marks_of
from interactions.reading.rows import status_word
from interactions.reading.said_facets import said_narrowings
from interactions.reading.selection import Selection

SAMPLE = 2_000
COLUMNS = (*FACETS, "interaction_id", "is_error", "latency_ms", "tags")
# Each category with its bounds as the filters take them.
_LIMITS = ("", *(f"{ms}" for ms, _ in CATEGORIES), "")
LATENCY_BOUNDS = {
    name: (low, high)
    for name, low, high in zip((*(name for _, name in CATEGORIES), POOR), _LIMITS, _LIMITS[1:], strict=False)
}
Sample = tuple[list[Any], bool]  # rows, and whether there may be more


def _column(name: str) -> Narrowing:
    return Narrowing(name.replace("_", " "), (name,), lambda row: [(value,)] if (value := getattr(row, name)) else [])


def _latency(row: Any) -> list[Value]:
    category = latency_category(row.latency_ms)
    return [LATENCY_BOUNDS[category]] if category else []


def _latency_label(value: Value) -> str:
    """A category, or a range of one's own."""
    low, high = value
    own = f"{low}–{high} ms" if low and high else f"from {low} ms" if low else f"below {high} ms"
    return next((name for name, bounds in LATENCY_BOUNDS.items() if bounds == value), own)


def _is_between(row: Any, wanted: Value) -> bool:
    low, high = wanted
    ms = row.latency_ms
    return ms is not None and (not low or ms >= float(low)) and (not high or ms < float(high))


STATUS = Narrowing("status", ("status",), lambda row: [(status_word(row.is_error),)])
# In the order of the page: what went wrong, what made it, where, how it went, and what it is of.
NARROWINGS = (
    STATUS,
    _column("error_type"),
    _column("model"),
    # A version says nothing without the name of its prompt.
    Narrowing(
        "prompt",
        ("prompt_name", "prompt_version"),
        lambda row: [(row.prompt_name, row.prompt_version)] if row.prompt_name else [],
    ),
    _column("environment"),
    _column("release"),
    Narrowing("latency", ("min_latency_ms", "max_latency_ms"), _latency, _latency_label, _is_between),
    _column("category"),
    Narrowing("tag", ("tag",), lambda row: {(str(tag),) for tag in row.tags}),
    _column("provider"),
)
SAID_AT = 2  # what is said of them stands behind what went wrong
NONE_SET = {name: None if name in RANGES else "" for one in NARROWINGS for name in one.parameters} | dict.fromkeys(SAID, "")


@dataclass(frozen=True, slots=True)
class Facet:
    """`values` are (value, number) among the `among` newest that pass all other filters.

    The chosen one is the first, even if nothing has it; then comes the most frequent one.
    """

    narrowing: Narrowing
    values: Sequence[tuple[Value, int]]
    chosen: Value | None
    among: int
    is_exact: bool
    is_of_columns: bool = False  # counted by the strip over the list

    @property
    def is_useful(self) -> bool:
        """Whether it narrows: something is chosen, or not all have the same value."""
        return bool(self.chosen) or any(number < self.among for _, number in self.values)


def newest_passing(selection: Selection) -> Sample:
    return selection.newest(COLUMNS, SAMPLE)


def facets_of(selection: Selection, passing: Sample | None = None) -> list[Facet]:
    """Return the facets of a selection, that of the status first: three queries at most, whatever is set.

    A facet that is set shows its other values too, with the numbers that they would have in its place. `passing` are the
    newest that pass, with COLUMNS, where they are known already; rows that few pass are not looked for twice.
    """
    marks: dict[UUID, Marks] = {}
    every = (*NARROWINGS[:SAID_AT], *said_narrowings(marks), *NARROWINGS[SAID_AT:])
    chosen = {one: value for one in every if (value := one.chosen(selection.filters))}
    narrow = passing or newest_passing(selection)
    wide = newest_passing(selection.with_filters(**NONE_SET)) if chosen else narrow
    marks |= marks_of(selection.project_id, {row.interaction_id for rows, _ in (narrow, wide) for row in rows})
    facets = [_facet(one, chosen, *(wide if one in chosen else narrow)) for one in every]
    return facets if narrow[1] else [_with_all_found(facet, len(narrow[0])) for facet in facets]


def _with_all_found(facet: Facet, found: int) -> Facet:
    """What is said of them an index finds, also beyond the newest: the number of the chosen value is that of the list."""
    if not facet.chosen or facet.narrowing.name not in SAID:
        return facet
    return replace(facet, values=[(value, found if value == facet.chosen else n) for value, n in facet.values])


def _facet(narrowing: Narrowing, chosen: dict[Narrowing, Value], rows: list[Any], is_cut: bool) -> Facet:
    if narrowing in chosen:
        others = [(other, value) for other, value in chosen.items() if other is not narrowing]
        rows = [row for row in rows if all(other.passes(row, value) for other, value in others)]
    counts: Counter[Value] = Counter()
    if narrowing is STATUS:
        counts.update({(status,): 0 for status in STATUSES})  # that none failed is worth saying
    counts.update(value for row in rows for value in narrowing.values(row))
    wanted = chosen.get(narrowing)
    if wanted:  # which may be several values together
        counts[wanted] = sum(narrowing.passes(row, wanted) for row in rows)
    values = sorted(counts.items(), key=lambda one: (one[0] != wanted, -one[1], one[0]))
    return Facet(narrowing, values, wanted, among=len(rows), is_exact=not is_cut)
