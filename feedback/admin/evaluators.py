"""The evaluators of a project: what each says and misses, whether it runs, what came of it; owners change how."""

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from feedback.admin import evaluation_links as links
from feedback.admin.evaluator_form import EvaluatorForm
from feedback.admin.evaluator_rows import rows_of
from feedback.models import EvaluatorSetting
from feedback.quality import settings
from feedback.quality.catalogue import families
from feedback.quality.evaluator import Evaluator
from interactions.admin.interactions import choose_project
from observatory.projects.access import chosen_project, current_project
from observatory.projects.admin_rights import ByRole
from observatory.projects.models import Project
from observatory.projects.roles import Role, may_edit, may_own


@admin.register(EvaluatorSetting)
class EvaluatorSettingAdmin(ByRole):
    def get_urls(self) -> list[URLPattern]:
        """These alone: an evaluator is named by its name, and has a page also without a row."""
        pages = (
            ("", self.changelist_view, "changelist"),
            ("add/", self.own_view, "add"),
            ("edit/", self.edit_view, "edit"),
            ("remove/", require_POST(self.remove_view), "remove"),
        )
        return [
            path(at, self.admin_site.admin_view(view), name=f"feedback_evaluatorsetting_{name}") for at, view, name in pages
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        project = current_project(request)
        context: dict[str, Any] = {"title": "Evaluators"}
        if project is not None:
            context |= {
                "rows": rows_of(project, now=timezone.now()),
                "may_own": may_own(request.user, project),
                "may_ask": may_edit(request.user, project),
                "family": families()[0] if families() else None,
                "own_url": links.to_evaluator(project),
                "list_url": links.to_list(project),
            }
        return self._page(request, "feedback/evaluators.html", context)

    def own_view(self, request: HttpRequest) -> HttpResponse:
        project = chosen_project(request, Role.OWNER)
        choose_project(request, project)
        form = EvaluatorForm(_typed(request), one=None, setting=EvaluatorSetting(project=project))
        if form.is_bound and form.is_valid():
            try:
                settings.add_own(project.pk, form.cleaned_data["name"], form.change(), now=timezone.now())
                return HttpResponseRedirect(links.to_evaluators(project))
            except settings.WrongSetting as wrong:
                form.refuse(wrong)
        return self._form(request, project, form, families()[0], "Own criteria")

    def edit_view(self, request: HttpRequest) -> HttpResponse:
        project = chosen_project(request, Role.OWNER)
        choose_project(request, project)
        one = self._evaluator(request, project)
        form = EvaluatorForm(_typed(request), one=one, setting=settings.setting_of(project.pk, one))
        if form.is_bound and form.is_valid():
            try:
                settings.change(project.pk, one, form.change(), now=timezone.now())
                messages.success(request, "Kept. What is judged from now on goes by it.")
                return HttpResponseRedirect(links.to_evaluators(project))
            except settings.WrongSetting as wrong:
                form.refuse(wrong)
        return self._form(request, project, form, one, one.title)

    def remove_view(self, request: HttpRequest) -> HttpResponse:
        project = chosen_project(request, Role.OWNER)
        one = self._evaluator(request, project)
        if settings.remove_own(project.pk, one.name):
            messages.success(request, "The criteria are forgotten. What was scored by them stays.")
        return HttpResponseRedirect(links.to_evaluators(project))

    def _evaluator(self, request: HttpRequest, project: Project) -> Evaluator:
        name = request.GET.get("name", "")
        found = None if "\x00" in name else settings.known(project.pk, name)
        if found is None:
            raise Http404("There is no such evaluator.")
        return found

    def _form(self, request: HttpRequest, project: Project, form: EvaluatorForm, one: Evaluator, title: str) -> HttpResponse:
        is_kept_own = settings.is_own(one)
        context = {
            "title": title,
            "form": form,
            "one": one,
            "list_url": links.to_evaluators(project),
            "remove_url": links.to_evaluator(project, one.name, "remove") if is_kept_own else "",
        }
        return self._page(request, "feedback/evaluator_form.html", context)

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        return TemplateResponse(request, template, {**self.admin_site.each_context(request), "opts": self.opts, **context})


def _typed(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
