"""What the interactions of a list can be narrowed by: the values that are there, each with its number.

A full count of a large table takes seconds. The newest SAMPLE that pass are counted; where these are all, it is exact.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from interactions.latency import CATEGORIES, POOR, latency_category
from interactions.reading.filters import FACETS, STATUSES, Filters
from interactions.reading.rows import status_word
from interactions.reading.selection import Selection

SAMPLE = 2_000
COLUMNS = (*FACETS, "is_error", "latency_ms", "tags")
LATENCY = "latency"
# Each category with its bounds as the filters take them.
_LIMITS = ("", *(f"{ms}" for ms, _ in CATEGORIES), "")
LATENCY_BOUNDS = {
    name: (low, high)
    for name, low, high in zip((*(name for _, name in CATEGORIES), POOR), _LIMITS, _LIMITS[1:], strict=False)
}
NONE_SET = {**dict.fromkeys((*FACETS, "status", "tag"), ""), "min_latency_ms": None, "max_latency_ms": None}
Values = Callable[[Any], Iterable[str]]
Sample = tuple[list[Any], bool]  # rows, and whether there may be more


@dataclass(frozen=True, slots=True)
class Facet:
    """`values` are (value, number) among the `among` newest that pass all other filters, the most frequent first."""

    name: str
    values: list[tuple[str, int]]
    chosen: str
    among: int
    is_exact: bool
    is_of_columns: bool = False  # counted by the strip over the list


def _column(name: str) -> Values:
    return lambda row: [value] if (value := getattr(row, name)) else []


# In the order of the page. Values of a facet that an interaction has; a tag is one of several.
VALUES: dict[str, Values] = {
    "status": lambda row: [status_word(row.is_error)],
    "model": _column("model"),
    "environment": _column("environment"),
    LATENCY: lambda row: [category] if (category := latency_category(row.latency_ms)) else [],
    "release": _column("release"),
    "prompt_name": _column("prompt_name"),
    "prompt_version": _column("prompt_version"),
    "category": _column("category"),
    "tag": lambda row: set(map(str, row.tags)),
}


def newest_passing(selection: Selection) -> Sample:
    return selection.newest(COLUMNS, SAMPLE)


def facets_of(selection: Selection, passing: Sample | None = None) -> list[Facet]:
    """Return the facets of a selection: two queries at most, whatever is set.

    A facet that is set shows its other values too, with the numbers that they would have in its place. `passing` are the
    newest that pass, with COLUMNS, where they are known already; rows that few pass are not looked for twice.
    """
    chosen = {name: chosen_value(selection.filters, name) for name in VALUES}
    narrow = passing or newest_passing(selection)
    wide = newest_passing(selection.with_filters(**NONE_SET)) if any(chosen.values()) else narrow
    return [_facet(name, selection.filters, chosen, *(wide if chosen[name] else narrow)) for name in VALUES]


def chosen_value(filters: Filters, name: str) -> str:
    """The value that the filters have chosen in a facet, "" for none; of latencies also a range of one's own."""
    if name != LATENCY:
        return str(getattr(filters, name))
    low, high = filters.min_latency_ms, filters.max_latency_ms
    if low is None and high is None:
        return ""
    words = ("" if low is None else f"{low:g}", "" if high is None else f"{high:g}")
    return next((category for category, bounds in LATENCY_BOUNDS.items() if bounds == words), f"{words[0]}–{words[1]} ms")


def _facet(name: str, filters: Filters, chosen: dict[str, str], rows: list[Any], is_cut: bool) -> Facet:
    others = replace(filters, **{"min_latency_ms": None, "max_latency_ms": None} if name == LATENCY else {name: ""})
    passing = [row for row in rows if _passes(row, others, chosen, name)] if chosen[name] else rows
    counts = Counter(dict.fromkeys(STATUSES, 0) if name == "status" else ())  # no failure is worth saying
    counts.update(value for row in passing for value in VALUES[name](row))
    values = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return Facet(name, values, chosen[name], among=len(passing), is_exact=not is_cut)


def _passes(row: Any, filters: Filters, chosen: dict[str, str], without: str) -> bool:
    wanted = {name: value for name, value in chosen.items() if value and name not in {without, LATENCY}}
    if any(value not in VALUES[name](row) for name, value in wanted.items()):
        return False
    low, high, ms = filters.min_latency_ms, filters.max_latency_ms, row.latency_ms
    if low is None and high is None:
        return True
    return ms is not None and (low is None or ms >= low) and (high is None or ms < high)
