"""How many interactions a list has, and how many of them failed: exactly, or as well as can be told at once."""

from dataclasses import dataclass, replace

from django.http import HttpRequest

from interactions.admin.links import here
from interactions.admin.strip import Strip
from interactions.reading.facets import Facet, Sample

MINUTE = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class Total:
    """`is_least`: there may be more. `is_of_columns`: of the whole columns of the strip, over its window.

    `failed_url` lists those that failed; "" where the list is of one status.
    """

    count: int
    failed: int
    failed_url: str
    is_least: bool = False
    is_of_columns: bool = False


def total_of(request: HttpRequest, passing: Sample, strip: Strip | None) -> Total:
    """Count the newest that pass, where these are all; else take what the strip counted, if it knows all filters."""
    rows, may_be_more = passing
    if may_be_more and strip and _knows(strip, len(rows), strip.total):
        return Total(strip.total, strip.errors, _failed_url(request, strip), is_of_columns=True)
    return Total(len(rows), sum(row.is_error for row in rows), _failed_url(request), is_least=may_be_more)


def _failed_url(request: HttpRequest, strip: Strip | None = None) -> str:
    """The list of those that failed; with a strip, over its window."""
    if request.GET.get("status"):
        return ""
    if strip is None:
        return here(request, status="error")
    until = f"{strip.window.end:{MINUTE}}" if request.GET.get("until") else None
    return here(request, status="error", range=None, since=f"{strip.window.start:{MINUTE}}", until=until)


def with_all_counted(status: Facet, strip: Strip | None) -> Facet:
    """The facet of the status with all that the strip counted, where the newest are not all: a failure may be older."""
    if status.is_exact or not strip or not _knows(strip, status.among, sum(strip.by_status.values())):
        return status
    values = [(value, strip.by_status[value[0]]) for value, _ in status.values]
    return replace(status, values=values, among=sum(strip.by_status.values()), is_of_columns=True)


def _knows(strip: Strip, at_least: int, counted: int) -> bool:
    """Whether the strip counted what the list shows; what came a moment ago it may not have yet."""
    return not strip.not_followed and counted >= at_least
