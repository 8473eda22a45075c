"""Composing a board: the form with its panels in order, and what there is to choose from."""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from observatory.core.time_range import QUICK_RANGES
from observatory.metrics import catalogue
from observatory.projects.models import Project
from reports.admin.links import to_board, to_boards, to_compose
from reports.boards import BOARDS
from reports.composing import MAX_PANELS, WIDTHS, Place, known_panel, stored_places
from reports.draft import SAVE, Draft, added, changed, checked, draft_of, posted_draft
from reports.models import Board
from reports.panels.any_metric import FIGURES
from reports.panels.catalogue import Panel, panels

MOST_OFFERED = 20
COPY_OF = "{title} (copy)"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A panel of the draft; `panel` is None for one that is no longer declared."""

    place: Place
    panel: Panel | None


def asked_draft(request: HttpRequest, project: Project, board: Board | None) -> Draft:
    """What the form shows: what was posted, after the button that was pressed; else the board, or a start."""
    if request.method != "POST":
        draft, name = draft_of(board) if board else _start(request), request.GET.get("add", "")
        return added(draft, name) if name else draft
    draft, act = posted_draft(request.POST), request.POST.get("do", SAVE)
    if act != SAVE:
        return changed(draft, act, request.POST)
    return checked(_without_gone(draft), is_taken=_is_taken(project, board, draft.title))


def _start(request: HttpRequest) -> Draft:
    declared = BOARDS.get(request.GET.get("copy", ""))
    if declared:
        places = tuple(Place(name) for name in declared.panels)
        return Draft(COPY_OF.format(title=declared.title), declared.default_range, places)
    return Draft()


def _without_gone(draft: Draft) -> Draft:
    """Only what is declared is stored, under its own name."""
    places = [Place(found.name, place.width) for place in draft.places if (found := known_panel(place.name))]
    return replace(draft, places=tuple(places))


def _is_taken(project: Project, board: Board | None, title: str) -> bool:
    if "\x00" in title:
        return False  # refused anyway; PostgreSQL would not even look
    others = Board.objects.filter(project=project, title=title)
    return (others.exclude(pk=board.pk) if board else others).exists()


def is_to_be_saved(request: HttpRequest, draft: Draft) -> bool:
    return request.method == "POST" and request.POST.get("do", SAVE) == SAVE and not draft.problems


def save(board: Board, draft: Draft) -> tuple[Board | None, Draft]:
    """The stored board; or None, and the draft with what came in between. Http404 if the board was deleted meanwhile."""
    stored: dict[str, Any] = {"title": draft.title, "default_range": draft.default_range}
    stored["panels"] = stored_places(draft.places)
    try:
        with transaction.atomic():
            if board.pk is None:
                for name, value in stored.items():
                    setattr(board, name, value)
                board.save(force_insert=True)
                return board, draft
            same = Board.objects.filter(pk=board.pk, version=draft.version)
            is_saved = same.update(**stored, version=F("version") + 1)
    except IntegrityError:
        return None, checked(draft, is_taken=True)
    board = get_object_or_404(Board.objects.select_related("project"), pk=board.pk)
    return (board, draft) if is_saved else (None, _changed_meanwhile(board, draft))


def history_note(board: Board) -> str:
    return f"Version {board.version}: {len(board.panels)} panels."


def _changed_meanwhile(board: Board, draft: Draft) -> Draft:
    """The draft as it is: saved once more, it takes the place of what somebody else made of the board."""
    entries = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Board), object_id=str(board.pk))
    last = entries.filter(change_message=history_note(board)).select_related("user").first()
    by = f" by {last.user.get_username()}" if last else ""  # else by an erasure, which is not in the history
    problem = f"The board was changed meanwhile{by}: look at it again. What you composed is kept here; Save replaces it."
    return replace(draft, version=board.version, problems={"board": problem})


def compose_context(request: HttpRequest, project: Project, board: Board | None, draft: Draft) -> dict[str, Any]:
    """What the template `reports/compose.html` needs."""
    groups: dict[str, list[Panel]] = defaultdict(list)
    for one in panels():
        groups[one.group].append(one)
    return {
        "title": f"Edit {board.title}" if board else "Compose a board",
        "draft": draft,
        "chosen": [Chosen(place, known_panel(place.name)) for place in draft.places],
        "on_board": {place.name for place in draft.places},
        "groups": dict(sorted(groups.items())),
        "widths": WIDTHS,
        "range_choices": {key: label for key, (label, _) in QUICK_RANGES.items()},
        "metrics": _metrics(),
        "labels": sorted({label.name for metric in catalogue.metrics() for label in metric.labels}),
        "figures": list(dict.fromkeys(name for known in FIGURES.values() for name in known)),
        "most": MAX_PANELS,
        "others": [] if board else _others(request, project),
        "back_url": to_board(board) if board else to_boards(request),
    }


def _others(request: HttpRequest, project: Project) -> list[tuple[str, str]]:
    """The boards that the panel that was brought along could go to instead of a new one, with the address that does it."""
    name = request.GET.get("add", "")
    if not name or known_panel(name) is None:
        return []
    own = Board.objects.filter(project=project).select_related("project")[:MOST_OFFERED]
    return [(board.title, to_compose(project, board=board.pk, add=name)) for board in own]


def _metrics() -> dict[str, list[dict[str, str]]]:
    """The metrics of the catalogue by their area, each with what it can be asked."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for metric in catalogue.metrics():
        found[metric.name.partition(".")[0]].append(
            {
                "name": metric.name,
                "help": metric.help,
                "labels": " ".join(label.name for label in metric.labels),
                "figures": " ".join(FIGURES[metric.kind]),
            }
        )
    return dict(found)
