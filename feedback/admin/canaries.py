"""Canaries on the screen: editors add them and switch them off, everybody sees how the judge did."""

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from feedback.admin.canary_form import CanaryForm
from feedback.admin.canary_links import act_on_canary, to_canaries
from feedback.canaries import CannotAdd, add, add_starters, switch
from feedback.models import Canary, CanaryRun, Judge, State
from interactions.admin.interactions import choose_project
from observatory.projects.access import chosen_project, current_project
from observatory.projects.admin_rights import ByRole
from observatory.projects.models import Project
from observatory.projects.roles import Role, may_edit, require

STATES = {State.SCORED: "", State.NOT_SCORABLE: "not scorable", State.FAILED: "failed"}


@admin.register(Canary)
class CanaryAdmin(ByRole):
    adds = Role.EDITOR
    deletes = Role.EDITOR

    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("starters/", require_POST(self.starters_view), "feedback_canary_starters"),
            ("<path:object_id>/switch/", require_POST(self.switch_view), "feedback_canary_switch"),
        )
        own = [path(route, self.admin_site.admin_view(view), name=name) for route, view, name in pages]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        project = current_project(request)
        context = {"title": "Canaries", **(self._list(request, project) if project else {})}
        return self._page(request, "feedback/canaries.html", context)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            return super().add_view(request)  # which refuses
        project = chosen_project(request, Role.EDITOR)
        form = CanaryForm(request.POST if request.method == "POST" else None, project=project, asked=request.GET)
        if request.method == "POST" and form.is_valid():
            try:
                add(project.pk, form.new(), now=timezone.now())
            except CannotAdd as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, "The judge is asked about it from today on, once a day.")
                return HttpResponseRedirect(to_canaries(project))
        context = {"title": "Add a canary", "form": form, "list_url": to_canaries(project)}
        return self._page(request, "feedback/canary_form.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        canary = self._canary(request, object_id)
        runs = canary.runs.order_by("-on", "evaluator", "version")[:100]
        context = {
            "title": canary.name,
            "canary": canary,
            "runs": [(run, STATES[State(run.state)]) for run in runs],
            "list_url": to_canaries(canary.project),
            "may_edit": may_edit(request.user, canary.project),
            "switch_url": act_on_canary(canary.project, "switch", canary.pk),
            "delete_url": act_on_canary(canary.project, "delete", canary.pk),
        }
        return self._page(request, "feedback/canary.html", context)

    def starters_view(self, request: HttpRequest) -> HttpResponse:
        project = chosen_project(request, Role.EDITOR)
        try:
            added = add_starters(project.pk, now=timezone.now())
            messages.success(request, f"{added} canaries were added.")
        except CannotAdd as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(to_canaries(project))

    def switch_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        canary = self._canary(request, object_id)
        require(request.user, canary.project, Role.EDITOR)
        switch(canary, is_on=request.POST.get("on") == "1")
        return HttpResponseRedirect(to_canaries(canary.project))

    def _list(self, request: HttpRequest, project: Project) -> dict[str, Any]:
        canaries = list(Canary.objects.filter(project=project).order_by("-is_good", "name"))
        last: dict[int, dict[str, CanaryRun]] = {}
        for run in _newest_runs(project):
            last.setdefault(run.canary_id, {}).setdefault(run.evaluator, run)
        return {
            "rows": [
                {
                    "canary": one,
                    "url": f"{reverse('admin:feedback_canary_change', args=[one.pk])}?project={project.slug}",
                    "switch_url": act_on_canary(project, "switch", one.pk),
                    "runs": [(run, STATES[State(run.state)]) for run in last.get(one.pk, {}).values()],
                }
                for one in canaries
            ],
            "may_edit": may_edit(request.user, project),
            "has_judge": Judge.objects.filter(project=project).exists(),
            "add_url": act_on_canary(project, "add"),
            "starters_url": act_on_canary(project, "starters"),
            "calibration_url": f"{reverse('admin:feedback_calibration')}?project={project.slug}",
        }

    def _canary(self, request: HttpRequest, object_id: str) -> Canary:
        key = int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) <= 18 else -1
        found = self.get_queryset(request).select_related("project").filter(pk=key).first()
        if found is None or ("project" in request.GET and chosen_project(request) != found.project):
            raise Http404("There is no such canary.")
        choose_project(request, found.project)
        return found

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        return TemplateResponse(request, template, {**self.admin_site.each_context(request), "opts": self.opts, **context})


def _newest_runs(project: Project) -> list[CanaryRun]:
    """Of the latest days, newest first: enough for the last verdict of each evaluator on each canary."""
    return list(CanaryRun.objects.filter(canary__project=project).order_by("-on", "-id")[:1_000])
