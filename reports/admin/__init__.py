"""Doors to boards."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from observatory.projects.access import current_project
from observatory.projects.admin_rights import LookOnly
from reports.boards import BOARDS
from reports.models import Board
from reports.page import panels_context


@admin.register(Board)
class BoardAdmin(LookOnly):
    def get_urls(self) -> list[URLPattern]:
        own = [path("view/", self.admin_site.admin_view(self.board_view), name="reports_board_view")]
        return own + super().get_urls()

    def board_view(self, request: HttpRequest) -> HttpResponse:
        project = current_project(request)
        board = BOARDS.get(request.GET.get("name", ""))
        if project is None or board is None:
            raise Http404("There is no such board.")
        context: dict[str, Any] = panels_context(
            request, project, board.panels, now=timezone.now(), default_range=board.default_range
        )
        frame = {**self.admin_site.each_context(request), "opts": self.opts, "title": board.title}
        return TemplateResponse(request, "reports/board.html", {**frame, **context})
