"""Boards without a user or a session who is to be forgotten: an id may stand in the filters of a panel and in a title."""

from itertools import count
from urllib.parse import parse_qsl

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import F

from interactions.erasure.mentions import filters_mention, mentions
from reports.composing import places_of, stored_places
from reports.models import Board
from reports.panels import any_list, any_metric

ERASED_TITLE = "Board {number}"


def forget_on_boards(project_id: int, column: str, subject: str) -> int:
    """Take the panels that name the subject from the boards, and titles that do; return how many boards changed."""
    changed = 0
    # Locked: a board that is saved at this moment would bring the id back.
    for board in Board.objects.select_for_update().filter(project_id=project_id):
        places = places_of(board.panels)
        kept = [place for place in places if not panel_mentions(place.name, column, subject)]
        is_titled = mentions(board.title, subject)
        if len(kept) == len(places) and not is_titled:
            continue
        title = _free_title(project_id, board.pk) if is_titled else board.title
        Board.objects.filter(pk=board.pk).update(title=title, panels=stored_places(kept), version=F("version") + 1)
        changed += 1
    _forget_in_history(project_id, subject)
    return changed


def panel_mentions(name: str, column: str, subject: str) -> bool:
    """Whether the filters in a panel's name hold the id."""
    family, _, text = name.partition(":")
    if family == any_list.FAMILY:
        return filters_mention(parse_qsl(text), column, subject)
    if family == any_metric.FAMILY:
        wheres = [value.partition(":") for key, value in parse_qsl(text.partition("?")[2]) if key == "where"]
        return filters_mention([(label, value) for label, _, value in wheres], column, subject)
    return False


def _free_title(project_id: int, board_id: int) -> str:
    taken = set(Board.objects.filter(project_id=project_id).values_list("title", flat=True))
    return next(title for number in count(board_id) if (title := ERASED_TITLE.format(number=number)) not in taken)


def _forget_in_history(project_id: int, subject: str) -> None:
    """The history keeps the titles of boards, also of deleted ones, of which nobody knows the project any more."""
    others = map(str, Board.objects.exclude(project_id=project_id).values_list("pk", flat=True))
    entries = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Board)).exclude(object_id__in=others)
    titled = [pk for pk, title in entries.values_list("pk", "object_repr") if mentions(title, subject)]
    LogEntry.objects.filter(pk__in=titled).update(object_repr=ERASED_TITLE.format(number="").strip())
