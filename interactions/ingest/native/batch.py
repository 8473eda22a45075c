"""A list of objects: the good ones become records, each bad one a refusal, neighbours never suffer."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from interactions.ingest.records import Record, Refusal
from observatory.core.errors import ApiError

Parser = Callable[..., Record]
Parsed = TypeVar("Parsed")


def parse_all(
    items: Sequence[Any], parse: Callable[..., Parsed], *, now: datetime
) -> tuple[list[tuple[int, Parsed]], list[Refusal]]:
    """Return `(place in the list, record)` pairs and the refusals."""
    records: list[tuple[int, Parsed]] = []
    refusals: list[Refusal] = []
    for index, item in enumerate(items):
        try:
            records.append((index, parse(item, now=now)))
        except ApiError as error:
            refusals.append(Refusal(index=index, code=error.code, reason=error.reason, field=error.field))
    return records, refusals
