"""Addresses of the pages of boards, each with the project it belongs to."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from observatory.projects.frame import with_frame
from observatory.projects.models import Project
from reports.models import Board


def to_board(board: Board) -> str:
    return _at("view", board.project, board=board.pk)


def to_declared(project: Project, name: str) -> str:
    return _at("view", project, name=name)


def to_compose(project: Project, **query: object) -> str:
    """`board=ID` edits one, `copy=NAME` begins with the panels of a declared one, `add=PANEL` with one panel."""
    return _at("compose", project, **query)


def to_remove(board: Board) -> str:
    return _at("remove", board.project, board=board.pk)


def to_boards(request: HttpRequest) -> str:
    return with_frame(reverse("admin:reports_board_changelist"), request)


def _at(page: str, project: Project, **query: object) -> str:
    return f"{reverse(f'admin:reports_board_{page}')}?{urlencode({'project': project.slug, **query})}"


def absolute(request: HttpRequest, query: Mapping[str, str]) -> str:
    """The address of this page with another query, as it is sent to a colleague."""
    return request.build_absolute_uri(f"{request.path}?{urlencode(query)}")
