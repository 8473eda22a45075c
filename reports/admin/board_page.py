"""A board on the screen: of the product or of the project, with what can be done with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse

from observatory.projects.models import Project
from observatory.projects.roles import may_edit
from reports.admin.links import absolute, to_compose, to_remove
from reports.boards import BOARDS
from reports.composing import Composed, composed, composed_of_declared
from reports.models import Board
from reports.page import NARROWED_BY, panels_context

NO_BOARD = "There is no such board."


@dataclass(frozen=True, slots=True)
class Found:
    """A board as it was asked for; `board` is its row where it is one of the project's own, else `name` is declared."""

    composed: Composed
    board: Board | None = None
    name: str = ""

    @property
    def query(self) -> dict[str, str]:
        return {"board": str(self.board.pk)} if self.board else {"name": self.name}


def own_board(request: HttpRequest, project: Project) -> Board | None:
    """The project's own board of `?board=`; None where none is asked for, 404 where there is none."""
    text = request.GET.get("board")
    if text is None:
        return None
    is_number = text.isascii() and text.isdigit() and len(text) < 19
    board = Board.objects.select_related("project").filter(project=project, pk=int(text)).first() if is_number else None
    if board is None:
        raise Http404(NO_BOARD)
    return board


def find(request: HttpRequest, project: Project) -> Found:
    """The board of `?board=` or, declared, of `?name=`; 404 where there is none."""
    board = own_board(request, project)
    if board is not None:
        return Found(composed(board), board)
    declared = BOARDS.get(request.GET.get("name", ""))
    if declared is None:
        raise Http404(NO_BOARD)
    return Found(composed_of_declared(declared), name=declared.name)


def board_context(request: HttpRequest, project: Project, found: Found, *, now: datetime) -> dict[str, Any]:
    """What the template `reports/board.html` needs."""
    shown = panels_context(request, project, found.composed.panels, now=now, default_range=found.composed.default_range)
    return {
        "title": found.composed.title,
        "gone": found.composed.gone,
        "kept": found.query,
        "board": found.board,
        "actions": _actions(project, found) if may_edit(request.user, project) else {},
        "files_url": _files_url(request, project, found),
        "shared": _shared(request, project, found, shown),
        **shown,
    }


def _actions(project: Project, found: Found) -> dict[str, str]:
    if found.board is None:
        return {"copy": to_compose(project, copy=found.name)}
    return {"edit": to_compose(project, board=found.board.pk), "remove": to_remove(found.board)}


def _files_url(request: HttpRequest, project: Project, found: Found) -> str:
    asked = {name: request.GET[name] for name in (*NARROWED_BY, "range", "since", "until") if request.GET.get(name)}
    return f"{reverse('admin:reports_board_files')}?{urlencode({'project': project.slug, **found.query, **asked})}"


def _shared(request: HttpRequest, project: Project, found: Found, shown: dict[str, Any]) -> dict[str, str]:
    """Two addresses for a colleague: one that moves with the time, and one of this very stretch of it."""
    if "window" not in shown:
        return {}
    only = {name: request.GET[name] for name in NARROWED_BY if request.GET.get(name)}
    query = {"project": project.slug, **found.query, **only}
    exact = {"since": _second(shown["window"].start), "until": _second(shown["window"].end)}
    moving = {"range": shown["frame"]["range"]} if shown["frame"].get("range") else {}
    return {
        "exact": absolute(request, {**query, **exact}),
        **({"moving": absolute(request, {**query, **moving})} if moving else {}),
    }


def _second(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
