"""Saved views on the screen: as tabs above the list, saved, renamed and deleted by POST."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse

from interactions.models import SavedView
from interactions.saved_views import NO_VIEW, ViewRefused, delete_view, may_change, normal, rename_view, save_view
from observatory.projects.access import projects_for
from observatory.projects.models import Project
from observatory.projects.roles import rights_in


@dataclass(frozen=True, slots=True)
class ViewTab:
    view: SavedView
    url: str
    change_url: str
    is_current: bool
    may_change: bool


def views_context(request: HttpRequest, project: Project) -> dict[str, Any]:
    """The tabs of the list: the views that this person sees."""
    user: Any = request.user
    rights = rights_in(user, project)
    try:
        current = normal(request.GET.urlencode())
    except ViewRefused:
        current = ""
    tabs = [
        ViewTab(
            view=view,
            url=_list_url(project, view.query),
            change_url=reverse("admin:interactions_savedview_own", args=[view.pk]),
            is_current=view.query == current,
            may_change=may_change(view, user=user, may_edit=rights.edit),
        )
        for view in SavedView.objects.filter(project=project).seen_by(user.pk)
    ]
    return {
        "views": tabs,
        "current_view": next((tab for tab in tabs if tab.is_current), None),
        "view_query": current,
        "may_share": rights.edit,
        "save_view_url": reverse("admin:interactions_savedview_save"),
    }


def save(request: HttpRequest) -> HttpResponse:
    """POST: keep the filters in `query` under `name`."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    user: Any = request.user
    slug = request.POST.get("project", "")
    project = None if "\x00" in slug else projects_for(user).filter(slug=slug).first()
    if project is None:
        raise Http404(NO_VIEW)
    query = request.POST.get("query", "")
    try:
        is_shared = request.POST.get("is_shared") == "1"
        view = save_view(project=project, user=user, name=request.POST.get("name", ""), query=query, is_shared=is_shared)
    except ViewRefused as reason:
        messages.error(request, str(reason))
        return HttpResponseRedirect(_list_url(project, _safe(query)))
    messages.success(request, f"The view “{view.name}” is saved.")
    return HttpResponseRedirect(_list_url(project, view.query))


def change(request: HttpRequest, id: int) -> HttpResponse:
    """POST: rename the view to `name`, or delete it with `action` = delete."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    user: Any = request.user
    seen = SavedView.objects.select_related("project").filter(project__in=projects_for(user)).seen_by(user.pk)
    view = seen.filter(pk=id).first() if id < 2**63 else None
    if view is None:
        raise Http404(NO_VIEW)
    name = view.name
    try:
        if request.POST.get("action") == "delete":
            delete_view(view, user=user)
            messages.success(request, f"The view “{name}” is deleted.")
        else:
            rename_view(view, user=user, name=request.POST.get("name", ""))
            messages.success(request, f"The view “{name}” is now “{view.name}”.")
    except ViewRefused as reason:
        messages.error(request, str(reason))
    return HttpResponseRedirect(_list_url(view.project, view.query))


def _list_url(project: Project, query: str) -> str:
    parts = [urlencode({"project": project.slug}), *([query] if query else [])]
    return f"{reverse('admin:interactions_interaction_changelist')}?{'&'.join(parts)}"


def _safe(query: str) -> str:
    try:
        return normal(query)
    except ViewRefused:
        return ""
