"""The facets of the list as links: each value opens the list narrowed by it, the chosen one opens it without."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest

from interactions.admin.links import here
from interactions.reading.facets import STATUS, Facet, Sample
from interactions.reading.narrowing import Value

SHOWN, MOST = 6, 50


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


def facet_links(request: HttpRequest, facets: Sequence[Facet], passing: Sample) -> list[FacetBox]:
    """The facets that can narrow, and that of the status, which tells what the numbers are of."""
    return [_box(request, facet, passing) for facet in facets if facet.is_useful or facet.narrowing is STATUS]


def _box(request: HttpRequest, facet: Facet, passing: Sample) -> FacetBox:
    without = here(request, **dict.fromkeys(facet.narrowing.parameters))
    links = [_link(without, facet, value, number) for value, number in facet.values[:MOST]]
    note = _note(facet, passing) if facet.narrowing is STATUS else ""
    return FacetBox(facet.narrowing.name, links[:SHOWN], links[SHOWN:], note)


def _link(without: str, facet: Facet, value: Value, number: int) -> FacetLink:
    """`without` is the address of the page without this facet."""
    is_chosen = value == facet.chosen
    pairs = zip(facet.narrowing.parameters, value, strict=True)
    wanted = "" if is_chosen else urlencode([(name, part) for name, part in pairs if part])
    url = f"{without}{'&' if wanted and without != '?' else ''}{wanted}"
    return FacetLink(facet.narrowing.label(value), number, url, is_chosen)


def _note(status: Facet, passing: Sample) -> str:
    """What all facets count, said once."""
    rows, may_be_more = passing
    counted = f"the newest {len(rows):,} that pass" if may_be_more else f"all {len(rows):,}"
    return f"Counts of all in the columns above; below, of {counted}." if status.is_of_columns else f"Counts of {counted}."
