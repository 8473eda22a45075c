"""Doors to boards: the list, one board, composing and deleting one."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from observatory.projects.access import chosen_project, current_project
from observatory.projects.admin_rights import LookOnly
from observatory.projects.roles import Role
from reports.admin.board_files import board_files
from reports.admin.board_page import board_context, find, own_board
from reports.admin.boards_page import boards_context
from reports.admin.compose_page import asked_draft, compose_context, history_note, is_to_be_saved, save
from reports.admin.links import to_board, to_boards
from reports.admin.panel_csv import panel_csv
from reports.models import Board


@admin.register(Board)
class BoardAdmin(LookOnly):
    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("view/", self.board_view, "reports_board_view"),
            ("compose/", self.compose_view, "reports_board_compose"),
            ("remove/", self.remove_view, "reports_board_remove"),
            ("panel.csv", panel_csv, "reports_panel_csv"),
            ("board.zip", board_files, "reports_board_files"),
        )
        own = [path(route, self.admin_site.admin_view(view), name=name) for route, view, name in pages]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        project = current_project(request)
        context = boards_context(request, project) if project else {}
        return self._page(request, "reports/boards.html", {"title": "Boards", **context})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's links to a row lead to the board."""
        is_number = object_id.isascii() and object_id.isdigit() and len(object_id) < 19
        return HttpResponseRedirect(
            to_board(get_object_or_404(self.get_queryset(request), pk=object_id if is_number else 0))
        )

    def board_view(self, request: HttpRequest) -> HttpResponse:
        project = chosen_project(request)
        context = board_context(request, project, find(request, project), now=timezone.now())
        return self._page(request, "reports/board.html", context)

    def compose_view(self, request: HttpRequest) -> HttpResponse:
        """A form whose buttons change it: only Save stores anything."""
        project = chosen_project(request, Role.EDITOR)
        board = own_board(request, project)
        draft = asked_draft(request, project, board)
        saved = None
        if is_to_be_saved(request, draft):
            saved, draft = save(board or Board(project=project, created_by_id=request.user.pk), draft)
        if saved is None:
            return self._page(request, "reports/compose.html", compose_context(request, project, board, draft))
        (self.log_change if board else self.log_addition)(request, saved, history_note(saved))
        messages.success(request, f"The board “{saved.title}” is saved. Everyone in {project.name} sees it.")
        return HttpResponseRedirect(to_board(saved))

    def remove_view(self, request: HttpRequest) -> HttpResponse:
        project = chosen_project(request, Role.EDITOR)
        board = own_board(request, project)
        if board is None:
            return HttpResponseRedirect(to_boards(request))
        if request.method != "POST":
            context = {"title": "Delete a board", "board": board, "board_url": to_board(board)}
            return self._page(request, "reports/remove.html", context)
        self.log_deletions(request, Board.objects.filter(pk=board.pk))
        board.delete()
        messages.success(request, f"The board “{board.title}” is deleted.")
        return HttpResponseRedirect(to_boards(request))

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        return TemplateResponse(request, template, {**self.admin_site.each_context(request), "opts": self.opts, **context})
