"""The facets of the list as links: each value opens the list narrowed by it, the chosen one opens it without."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from interactions.admin.links import here
from interactions.reading.facets import LATENCY, LATENCY_BOUNDS, SAMPLE, Facet

SHOWN = 6
TITLES = {
    "status": "Status",
    "model": "Model",
    "environment": "Environment",
    LATENCY: "Latency",
    "release": "Release",
    "prompt_name": "Prompt",
    "prompt_version": "Prompt version",
    "category": "Category",
    "tag": "Tag",
}


@dataclass(frozen=True, slots=True)
class FacetLink:
    value: str
    count: int
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FacetBox:
    """A facet with the values to show at once and those behind "more"; `note` says what was counted."""

    title: str
    links: list[FacetLink]
    more: list[FacetLink]
    note: str


def facet_links(request: HttpRequest, facets: Sequence[Facet]) -> list[FacetBox]:
    """The facets that can narrow: with two values or more, or with one chosen."""
    return [_box(request, facet) for facet in facets if facet.chosen or len(facet.values) > 1]


def _box(request: HttpRequest, facet: Facet) -> FacetBox:
    counts = dict(facet.values)
    values = [value for value, _ in facet.values]
    if facet.chosen:  # on top, even if nothing has it
        values = [facet.chosen, *(value for value in values if value != facet.chosen)]
    links = [
        FacetLink(value, counts.get(value, 0), _url(request, facet, value), value == facet.chosen) for value in values[:50]
    ]
    return FacetBox(TITLES[facet.name], links[:SHOWN], links[SHOWN:], _note(facet) if facet.name == "status" else "")


def _note(facet: Facet) -> str:
    """What all facets count, said once."""
    if facet.is_of_columns:
        return f"Counts of all in the columns above; below, of the newest {SAMPLE:,} that pass."
    return f"Counts of all {facet.among:,}." if facet.is_exact else f"Counts of the newest {facet.among:,} that pass."


def _url(request: HttpRequest, facet: Facet, value: str) -> str:
    is_chosen = value == facet.chosen
    if facet.name != LATENCY:
        return here(request, **{facet.name: None if is_chosen else value})
    low, high = ("", "") if is_chosen else LATENCY_BOUNDS[value]
    return here(request, min_latency_ms=low or None, max_latency_ms=high or None)
