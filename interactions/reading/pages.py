"""Keyset pages: the next page begins behind the last row seen, so depth costs nothing and new rows shift nothing."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q

from interactions.models import Interaction, InteractionQuerySet
from observatory.core.errors import ApiError

DEFAULT_LIMIT, MAX_LIMIT = 50, 500
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows newest first; `older` and `newer` are cursors, or None at the ends."""

    rows: list[Interaction]
    older: str | None
    newer: str | None = None


def page_of(queryset: InteractionQuerySet, *, cursor: str = "", limit: int = DEFAULT_LIMIT) -> Page:
    """Return one page. `cursor` is "" for the newest rows, else one that an earlier page gave."""
    if not cursor:
        rows = list(queryset.newest_first()[: limit + 1])
        return Page(rows=rows[:limit], older=_cursor("o", rows[limit - 1]) if len(rows) > limit else None)
    direction, asked_at, key = _parse(cursor)
    if direction == "n":
        newer = Q(asked_at__gt=asked_at) | Q(asked_at=asked_at, id__gt=key)
        rows = list(queryset.filter(newer, asked_at__gte=asked_at).order_by("asked_at", "id")[: limit + 1])
        more, rows = len(rows) > limit, rows[:limit][::-1]
        if not more:  # the newest page: filled up, and with what came meanwhile
            return page_of(queryset, limit=limit)
        return Page(rows=rows, older=_cursor("o", rows[-1]), newer=_cursor("n", rows[0]))
    older = Q(asked_at__lt=asked_at) | Q(asked_at=asked_at, id__lt=key)
    # The plain bound lets both stores start the index scan at the cursor instead of at the newest row.
    rows = list(queryset.filter(older, asked_at__lte=asked_at).newest_first()[: limit + 1])
    first = _cursor("n", rows[0]) if rows else None
    return Page(rows=rows[:limit], older=_cursor("o", rows[limit - 1]) if len(rows) > limit else None, newer=first)


def parse_limit(parameters: Mapping[str, str]) -> int:
    text = parameters.get("limit", "").strip()
    if not text:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit()) or len(text) > 6 or not 1 <= int(text) <= MAX_LIMIT:
        raise ApiError("invalid", f"expected a whole number from 1 to {MAX_LIMIT}", field="limit")
    return int(text)


def _cursor(direction: str, row: Interaction) -> str:
    text = f"{direction}{(row.asked_at - EPOCH) // MICROSECOND}.{row.pk}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _parse(cursor: str) -> tuple[str, datetime, int]:
    try:
        text = base64.urlsafe_b64decode(cursor[:100] + "=" * (-len(cursor[:100]) % 4)).decode()
        microseconds, _, key = text[1:].partition(".")
        if text[0] not in "on" or not 0 <= int(key) < 2**63:
            raise ValueError(text)
        return text[0], EPOCH + int(microseconds) * MICROSECOND, int(key)
    except (binascii.Error, ValueError, OverflowError, IndexError):
        raise ApiError("invalid", "this is no cursor of ours; leave it out to start at the newest", field="cursor") from None
