"""Interactions, traces and sessions on the screen: doors to one page each."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from interactions.admin.csv_file import csv_file
from interactions.admin.interaction_list import list_context
from interactions.admin.saved_views import change as change_saved_view
from interactions.admin.saved_views import save as save_view
from interactions.admin.session_list import sessions_context
from interactions.admin.session_page import session_context
from interactions.admin.trace_page import as_json, load, trace_context
from interactions.admin.user_list import users_context
from interactions.admin.user_page import user_context
from interactions.models import Interaction
from observatory.projects.access import chosen_project, current_project, projects_for
from observatory.projects.admin_rights import LookOnly
from observatory.projects.models import Project


@admin.register(Interaction)
class InteractionAdmin(LookOnly):
    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("csv/", self.csv_view, "interactions_interaction_csv"),
            ("views/", save_view, "interactions_savedview_save"),
            ("views/<int:id>/", change_saved_view, "interactions_savedview_own"),
            ("trace/", self.trace_view, "interactions_trace"),
            ("sessions/", self.sessions_view, "interactions_session_list"),
            ("session/", self.session_view, "interactions_session_detail"),
            ("users/", self.users_view, "interactions_user_list"),
            ("user/", self.user_view, "interactions_user_detail"),
        )
        own = [path(route, self.admin_site.admin_view(view), name=name) for route, view, name in pages]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        project = current_project(request)
        context = {"title": "Interactions", **(list_context(request, project) if project else {})}
        if context.get("named_url") and not context["rows"]:  # an id was pasted, and no text has it
            return HttpResponseRedirect(context["named_url"])
        return self._page(request, "interactions/interaction_list.html", context)

    def csv_view(self, request: HttpRequest) -> HttpResponseBase:
        return csv_file(request, chosen_project(request))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        interaction = self._interaction(request, object_id)
        choose_project(request, interaction.project)
        trace = load(interaction.project, interaction.trace_id)
        return self._trace_page(request, trace_context(request, interaction.project, trace, interaction))

    def trace_view(self, request: HttpRequest) -> HttpResponse:
        project = chosen_project(request)
        trace = load(project, request.GET.get("id", ""))
        if request.GET.get("format") == "json":
            return as_json(trace)
        return self._trace_page(request, trace_context(request, project, trace, None))

    def sessions_view(self, request: HttpRequest) -> HttpResponse:
        project = current_project(request)
        context = {"title": "Sessions", **(sessions_context(request, project) if project else {})}
        return self._page(request, "interactions/session_list.html", context)

    def session_view(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, "interactions/session.html", session_context(request, chosen_project(request)))

    def users_view(self, request: HttpRequest) -> HttpResponse:
        project = current_project(request)
        context = {"title": "Users", **(users_context(request, project) if project else {})}
        return self._page(request, "interactions/user_list.html", context)

    def user_view(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, "interactions/user.html", user_context(request, chosen_project(request)))

    def _interaction(self, request: HttpRequest, object_id: str) -> Interaction:
        """The interaction, if it is in a project of this person, and in the one that the URL names, if it names one."""
        try:
            # The screen links by primary key; who has an id from the API may put it into the address.
            key = {"pk": int(object_id)} if len(object_id) <= 18 else {"interaction_id": UUID(object_id)}
        except ValueError:
            raise Http404("There is no such interaction.") from None
        projects = projects_for(request.user)
        if "project" in request.GET:
            projects = projects.filter(pk=chosen_project(request).pk)
        found = Interaction.objects.select_related("project").filter(**key, project__in=projects).first()
        if found is None:
            raise Http404("There is no such interaction.")
        return found

    def _trace_page(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        return self._page(request, "interactions/trace.html", context)

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        return TemplateResponse(request, template, {**self.admin_site.each_context(request), "opts": self.opts, **context})


def choose_project(request: HttpRequest, project: Project) -> None:
    """Open the page as if its URL had named the project, so that frame and links agree with what is shown."""
    query = request.GET.copy()
    query["project"] = project.slug
    request.GET = query  # type: ignore[assignment]  # a QueryDict, as Django itself sets it
