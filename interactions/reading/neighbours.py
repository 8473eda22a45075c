"""The interactions before and after one in the list that it was opened from: by keyset, as the list's own pages."""

from dataclasses import dataclass

from interactions.models import Interaction
from interactions.reading.selection import Place, Selection, newer, older

# Among so many that are next one nearly always passes: to go to the end of a look first took 50,000 entries of an index.
NEAR = 100


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Primary keys; None at the ends of the list, and where one look (see `reading.selection`) finds no more."""

    newer: int | None = None
    older: int | None = None


def neighbours(selection: Selection, one: Interaction) -> Neighbours:
    """Return the neighbours of `one`, which itself need not pass."""
    place = (one.asked_at, one.pk)
    if selection.few is not None:
        return _of_few(selection, place)
    return Neighbours(_newer(selection, place), _older(selection, place))


def _newer(selection: Selection, place: Place) -> int | None:
    near = selection.rows.filter(id__in=selection.next_ones(NEAR, newer_than=place))
    found = near.order_by("asked_at", "id").values_list("id", flat=True).first()
    if found is not None or selection.reach(newer_than=place, most=NEAR) is None:
        return found
    rows = selection.rows.filter(newer(place), asked_at__gte=place[0])
    if end := selection.reach(newer_than=place):
        rows = rows.filter(older(end, or_same=True), asked_at__lte=end[0])
    return rows.order_by("asked_at", "id").values_list("id", flat=True).first()


def _older(selection: Selection, place: Place) -> int | None:
    near = selection.rows.filter(id__in=selection.next_ones(NEAR, older_than=place))
    found = near.newest_first().values_list("id", flat=True).first()
    if found is not None or selection.reach(older_than=place, most=NEAR) is None:
        return found
    rows = selection.rows.filter(older(place), asked_at__lte=place[0])
    if end := selection.reach(older_than=place):
        rows = rows.filter(newer(end, or_same=True), asked_at__gte=end[0])
    return rows.newest_first().values_list("id", flat=True).first()


def _of_few(selection: Selection, place: Place) -> Neighbours:
    """Rows that are so few that their places are sorted here."""
    places = sorted(selection.rows.values_list("asked_at", "id"))
    behind = next((key for at, key in reversed(places) if (at, key) < place), None)
    ahead = next((key for at, key in places if (at, key) > place), None)
    return Neighbours(ahead, behind)
