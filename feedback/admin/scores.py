"""Scores on the screen: their list, one of them, and the training data that follow from them."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from feedback.admin.score_csv import csv_file
from feedback.admin.score_list import scores_context
from feedback.admin.score_page import score_context
from feedback.admin.training_page import training_context, training_file
from feedback.models import Score
from interactions.admin.interactions import choose_project
from observatory.projects.access import chosen_project, current_project
from observatory.projects.admin_rights import LookOnly
from observatory.projects.roles import Role


@admin.register(Score)
class ScoreAdmin(LookOnly):
    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("csv/", self.csv_view, "feedback_score_csv"),
            ("training/", self.training_view, "feedback_training"),
            ("training/file/", self.training_file_view, "feedback_training_file"),
        )
        return [path(route, self.admin_site.admin_view(view), name=name) for route, view, name in pages] + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        project = current_project(request)
        context = {"title": "Scores", **(scores_context(request, project, now=timezone.now()) if project else {})}
        return self._page(request, "feedback/score_list.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        key = int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) <= 18 else -1
        score = self.get_queryset(request).select_related("project").filter(pk=key).first()
        if score is None or ("project" in request.GET and chosen_project(request) != score.project):
            raise Http404("There is no such score.")
        choose_project(request, score.project)
        return self._page(request, "feedback/score.html", score_context(score))

    def csv_view(self, request: HttpRequest) -> HttpResponseBase:
        return csv_file(request, chosen_project(request), now=timezone.now())

    def training_view(self, request: HttpRequest) -> HttpResponse:
        context = training_context(request, chosen_project(request), now=timezone.now())
        return self._page(request, "feedback/training.html", context)

    def training_file_view(self, request: HttpRequest) -> HttpResponseBase:
        """Whole texts of many answers leave the house: for editors."""
        return training_file(request, chosen_project(request, Role.EDITOR), now=timezone.now())

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        return TemplateResponse(request, template, {**self.admin_site.each_context(request), "opts": self.opts, **context})
