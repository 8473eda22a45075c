"""The walk over the spans or log records of a request, which is bounded whatever the request claims to hold."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from interactions.ingest.otlp.limits import Limits
from interactions.ingest.otlp.raw import Source
from interactions.ingest.records import Refusal
from observatory.core.errors import ApiError

Item = TypeVar("Item")
Read = Callable[[Any, Source, int, Limits], Item]


def read_all(
    lists: Iterable[tuple[Source, Sequence[Any]]], read: Read[Item], limits: Limits
) -> tuple[list[Item], list[Refusal]]:
    """Return what `read` makes of each item, and a refusal for each that it raises ApiError for or that is too many."""
    found: list[Item] = []
    refusals: list[Refusal] = []
    index = 0
    for number, (source, items) in enumerate(lists):
        if number >= limits.records:
            raise _too_many_groups(limits)
        first = index
        for item in items[: max(0, limits.records - index)]:
            try:
                found.append(read(item, source, index, limits))
            except ApiError as error:
                refusals.append(Refusal(index, error.code, error.reason, error.field))
            index += 1
        surplus = first + len(items) - index
        if surplus:
            # The same refusal again and again: hundreds of thousands cost nothing.
            refusals += [Refusal(index, "too_many", f"a request holds at most {limits.records}")] * surplus
            index += surplus
    return found, refusals


def hold_groups(groups: Sequence[Any], limits: Limits) -> Sequence[Any]:
    """Return the resources of a request; raises ApiError `too_many` (413) where no client would send so many."""
    if len(groups) > limits.records:
        raise _too_many_groups(limits)
    return groups


def _too_many_groups(limits: Limits) -> ApiError:
    return ApiError("too_many", f"A request holds at most {limits.records} resources and as many scopes.", status=413)
