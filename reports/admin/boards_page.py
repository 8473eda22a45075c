"""All boards of a project: its own, and those that come with Observatory."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from observatory.core.time_range import QUICK_RANGES
from observatory.projects.models import Project
from observatory.projects.roles import may_edit
from reports.admin.links import to_board, to_compose, to_declared, to_remove
from reports.boards import BOARDS
from reports.composing import known_panel, places_of
from reports.models import Board

QUESTIONS_SHOWN = 6
MOST_BOARDS = 200


@dataclass(frozen=True, slots=True)
class Card:
    """A board by the questions that its panels ask."""

    title: str
    help: str
    url: str
    questions: Sequence[str]
    range: str
    edit_url: str = ""
    remove_url: str = ""
    copy_url: str = ""
    board: Board | None = None

    @property
    def first(self) -> Sequence[str]:
        return self.questions[:QUESTIONS_SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.questions) - QUESTIONS_SHOWN)


def boards_context(request: HttpRequest, project: Project) -> dict[str, Any]:
    """What the template `reports/boards.html` needs."""
    is_editor = may_edit(request.user, project)
    own = Board.objects.filter(project=project).select_related("project", "created_by")[:MOST_BOARDS]
    return {
        "own": [_own_card(board, is_editor=is_editor) for board in own],
        "declared": [
            Card(
                board.title,
                board.help,
                to_declared(project, board.name),
                _questions(board.panels),
                QUICK_RANGES[board.default_range][0],
                copy_url=to_compose(project, copy=board.name) if is_editor else "",
            )
            for board in BOARDS.values()
        ],
        "compose_url": to_compose(project) if is_editor else "",
    }


def _own_card(board: Board, *, is_editor: bool) -> Card:
    return Card(
        board.title,
        "",
        to_board(board),
        _questions([place.name for place in places_of(board.panels)]),
        QUICK_RANGES.get(board.default_range, (board.default_range,))[0],
        edit_url=to_compose(board.project, board=board.pk) if is_editor else "",
        remove_url=to_remove(board) if is_editor else "",
        board=board,
    )


def _questions(names: Sequence[str]) -> list[str]:
    return [found.title for name in names if (found := known_panel(name))]
