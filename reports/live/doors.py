"""Doors of the live page: the page, its stream, and the same figures for who polls."""

from collections.abc import Mapping
from functools import partial
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_safe

from observatory.core.serving.pushed import PushedResponse
from observatory.core.time_range import QUICK_RANGES
from observatory.projects.access import chosen_project, current_project, projects_for
from observatory.projects.models import Project
from reports.live.shared import SNAPSHOTS
from reports.live.snapshot import calm, clock, notice_dict, row_dict
from reports.live.stream import NOT_HERE, events


def live_urls(site: admin.AdminSite) -> list[URLPattern]:
    return [
        path("live/", site.admin_view(live_page), name="reports_live"),
        path("live/snapshot/", site.admin_view(live_snapshot), name="reports_live_snapshot"),
        path("live/stream/", site.admin_view(live_stream), name="reports_live_stream"),
    ]


@require_safe
def live_page(request: HttpRequest) -> HttpResponse:
    context: dict[str, Any] = {**admin.site.each_context(request), "title": "Live"}
    project = current_project(request)
    if project is not None:
        context |= _context(request, project)
    return TemplateResponse(request, "reports/live.html", context)


def _context(request: HttpRequest, project: Project) -> dict[str, Any]:
    """The figures of the last second; the script of the page takes over from them."""
    snapshot = SNAPSHOTS.seen(project.pk, project.slug)
    frame = {"project": project.slug}
    return {
        "project": project,
        "frame": frame,
        "tiles": snapshot.tiles,
        "notices": [notice_dict(concern, frame) for concern in snapshot.notices],
        "calm": calm(snapshot.lag),
        "rows": [row_dict(one, project.slug) for one in snapshot.newest],
        "clock": clock(snapshot.at),
        "stream_url": _url("admin:reports_live_stream", frame),
        "snapshot_url": _url("admin:reports_live_snapshot", frame),
        "history": [(label, _url("admin:index", {**frame, "range": key})) for key, (label, _) in QUICK_RANGES.items()],
        "start_url": _url("admin:index", frame),
    }


@require_safe
def live_snapshot(request: HttpRequest) -> HttpResponse:
    """The newest snapshot as JSON, for pages that no stream reaches."""
    project = chosen_project(request)
    return HttpResponse(SNAPSHOTS.newest(project.pk, project.slug), content_type="application/json")


@require_GET  # and no HEAD: what is pushed has no end
def live_stream(request: HttpRequest) -> PushedResponse:
    """Server-sent events: a snapshot a second for as long as this session may look at the project."""
    project = chosen_project(request)
    pieces = partial(
        events,
        project_id=project.pk,
        viewer=request.user.pk,
        look=partial(SNAPSHOTS.make, project.pk, project.slug),
        may_look=partial(may_still_look, request.session.session_key, project.pk),
    )
    return PushedResponse(pieces, otherwise=NOT_HERE)


def may_still_look(session_key: str | None, project_id: int) -> bool:
    """Whether the session is still that of somebody who may open the page, as the admin judges it."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    request.user = get_user(request)
    return admin.site.has_permission(request) and projects_for(request.user).filter(pk=project_id).exists()


def _url(name: str, query: Mapping[str, str]) -> str:
    return f"{reverse(name)}?{urlencode(query)}"
