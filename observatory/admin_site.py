"""The operator's screen: Django's admin under our own site, frame and first page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from observatory.navigation import navigation_for, project_choices
from observatory.overview import key_for_snippet, projects_today
from observatory.projects.access import roles_on
from observatory.projects.own import OWN_SLUG
from observatory.projects.roles import rights_of
from reports.boards import OVERVIEW
from reports.page import panels_context


class ObservatoryAdminSite(admin.AdminSite):
    site_header = site_title = "Observatory"
    index_title = "Overview"
    enable_nav_sidebar = False

    def get_urls(self) -> list[URLPattern | URLResolver]:
        from reports.live.doors import live_urls  # pages register at the site, which has to be there first

        return [*live_urls(self), *super().get_urls()]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """The models that this person may open. That of all is made for who reads it: no page of ours does, and to ask
        each model for the rights of a member took more queries than the rest of the page."""
        whole = super().get_app_list
        return whole(request, app_label) if app_label else SimpleLazyObject(lambda: whole(request))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        if not context["has_permission"]:
            return context
        project, choices = project_choices(request)
        return {
            **context,
            "navigation": navigation_for(request),
            "project": project,
            "project_choices": choices,
            "may": rights_of(roles_on(request).get(project) if project else None),
        }

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        now = timezone.now()
        context = {**self.each_context(request), "title": self.index_title, **(extra_context or {})}
        project = context["project"]
        rows = projects_today(roles_on(request), now=now)
        context |= {"rows": rows, "applications": [row for row in rows if row.project.slug != OWN_SLUG]}
        has_received = any(row.last_received_at for row in rows if row.project == project)
        if project and (has_received or project.slug == OWN_SLUG):
            context |= panels_context(request, project, OVERVIEW.panels, now=now, default_range=OVERVIEW.default_range)
        elif project:
            context |= {
                "waiting": project,
                "key_shown": key_for_snippet(project, now=now),
                "may_make_keys": context["may"].own,
                "origin": f"{request.scheme}://{request.get_host()}",
            }
        return TemplateResponse(request, "observatory/overview.html", context)
