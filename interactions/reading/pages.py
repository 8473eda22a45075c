"""Keyset pages: the next page begins behind the last row seen, so depth costs nothing and new rows shift nothing."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from interactions.models import Interaction
from interactions.reading.selection import Place, Selection, newer, older
from observatory.core.errors import ApiError

DEFAULT_LIMIT, MAX_LIMIT = 50, 500
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows newest first; `older` and `newer` are cursors, or None at the ends.

    `looked_until` is set where the look ended before the page was full: there may be more behind it.
    """

    rows: list[Interaction]
    older: str | None
    newer: str | None = None
    looked_until: datetime | None = None


def page_of(selection: Selection, *, fields: Sequence[str], cursor: str = "", limit: int = DEFAULT_LIMIT) -> Page:
    """Return one page. `cursor` is "" for the newest rows, else one that an earlier page gave."""
    direction, place = _parse(cursor) if cursor else ("o", None)
    if selection.few is not None:
        return _page_of_few(selection, fields, direction, place, limit)
    if direction == "n" and place:
        return _newer_page(selection, fields, place, limit)
    return _older_page(selection, fields, place, limit)


def _older_page(selection: Selection, fields: Sequence[str], place: Place | None, limit: int) -> Page:
    end = selection.reach(older_than=place) if place else selection.first_reach
    rows = selection.rows.only(*fields).newest_first()
    if place:
        # The plain bound lets both stores start the index scan at the cursor instead of at the newest row.
        rows = rows.filter(older(place), asked_at__lte=place[0])
    if end:
        rows = rows.filter(newer(end, or_same=True), asked_at__gte=end[0])
    found = list(rows[: limit + 1])
    first = cursor_of("n", _place(found[0]) if found else place) if place else None
    if len(found) > limit:
        return Page(found[:limit], cursor_of("o", _place(found[limit - 1])), first)
    return Page(found, cursor_of("o", end) if end else None, first, end[0] if end else None)


def _newer_page(selection: Selection, fields: Sequence[str], place: Place, limit: int) -> Page:
    end = selection.reach(newer_than=place)
    rows = selection.rows.only(*fields).filter(newer(place), asked_at__gte=place[0]).order_by("asked_at", "id")
    if end:
        rows = rows.filter(older(end, or_same=True), asked_at__lte=end[0])
    found = list(rows[: limit + 1])
    if len(found) <= limit and not end:  # the newest page: filled up, and with what came meanwhile
        return _older_page(selection, fields, None, limit)
    more, found = len(found) > limit, found[:limit][::-1]
    behind = cursor_of("o", _place(found[-1]) if found else place)
    return Page(found, behind, cursor_of("n", _place(found[0]) if more else end))


def _page_of_few(selection: Selection, fields: Sequence[str], direction: str, place: Place | None, limit: int) -> Page:
    """A page of rows that are so few that their places are sorted here: no plan of a database reads more than them."""
    places = sorted(selection.rows.values_list("asked_at", "id"), reverse=True)
    behind = [one for one in places if place is None or one < place]
    before = [one for one in places if place is not None and one > place]
    newest = before[-limit:] if len(before) > limit else places[:limit]
    chosen = newest if direction == "n" else behind[:limit]
    found = {row.pk: row for row in Interaction.objects.only(*fields).filter(id__in=[key for _, key in chosen])}
    rows = [found[key] for _, key in chosen if key in found]
    is_first = not chosen or chosen[0] == places[0]
    is_last = not chosen or chosen[-1] == places[-1]
    return Page(
        rows,
        older=None if is_last else cursor_of("o", chosen[-1]),
        newer=cursor_of("n", chosen[0] if chosen else place) if place and not (chosen and is_first) else None,
    )


def parse_limit(parameters: Mapping[str, str]) -> int:
    text = parameters.get("limit", "").strip()
    if not text:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit()) or len(text) > 6 or not 1 <= int(text) <= MAX_LIMIT:
        raise ApiError("invalid", f"expected a whole number from 1 to {MAX_LIMIT}", field="limit")
    return int(text)


def _place(row: Interaction) -> Place:
    return row.asked_at, row.pk


def cursor_of(direction: str, place: Place | None) -> str | None:
    if place is None:
        return None
    text = f"{direction}{(place[0] - EPOCH) // MICROSECOND}.{place[1]}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place_behind(cursor: str) -> Place:
    """The place that the next page of a list begins behind, of a list whose pages only go on."""
    direction, place = _parse(cursor)
    if direction != "o":
        raise no_cursor()
    return place


def no_cursor() -> ApiError:
    return ApiError("invalid", "this is no cursor of ours; leave it out to start at the newest", field="cursor")


def _parse(cursor: str) -> tuple[str, Place]:
    try:
        text = base64.urlsafe_b64decode(cursor[:100] + "=" * (-len(cursor[:100]) % 4)).decode()
        microseconds, _, key = text[1:].partition(".")
        if text[0] not in "on" or not 0 <= int(key) < 2**63:
            raise ValueError(text)
        return text[0], (EPOCH + int(microseconds) * MICROSECOND, int(key))
    except (binascii.Error, ValueError, OverflowError, IndexError):
        raise no_cursor() from None
