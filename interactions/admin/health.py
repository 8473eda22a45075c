"""Ingest health on the screen."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from interactions.admin.health_page import health_context
from interactions.models import IngestOutcome
from observatory.projects.access import current_project
from observatory.projects.admin_rights import LookOnly


@admin.register(IngestOutcome)
class IngestOutcomeAdmin(LookOnly):
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        project = current_project(request)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Ingest health",
            **(health_context(request, project) if project else {}),
        }
        return TemplateResponse(request, "interactions/health.html", context)
