"""The judge of a project: one page, for its owners."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from feedback.admin.judge_form import PRESETS, JudgeForm
from feedback.judges import CannotConnect, disconnect, judge_of, save
from feedback.models import Judge, JudgeDay
from interactions.admin.interactions import choose_project
from observatory.projects.access import chosen_project
from observatory.projects.admin_rights import ByRole
from observatory.projects.frame import with_choice
from observatory.projects.models import Project
from observatory.projects.roles import Role


@admin.register(Judge)
class JudgeAdmin(ByRole):
    sees = Role.OWNER

    def get_urls(self) -> list[URLPattern]:
        """These alone: Django's own pages would show what is kept."""
        pages = (
            ("", self.changelist_view, "feedback_judge_changelist"),
            ("test/", require_POST(self.test_view), "feedback_judge_test"),
            ("disconnect/", require_POST(self.disconnect_view), "feedback_judge_disconnect"),
        )
        return [path(route, self.admin_site.admin_view(view), name=name) for route, view, name in pages]

    @method_decorator(sensitive_post_parameters("key"))
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        project = chosen_project(request, Role.OWNER)
        choose_project(request, project)
        judge = judge_of(project)
        typed = request.POST if request.method == "POST" else None
        form = JudgeForm(typed, judge=judge, is_superuser=request.user.is_superuser)
        if request.method == "POST" and form.is_valid() and self._saved(request, project, form):
            return HttpResponseRedirect(_url(project))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Judge",
            "form": form,
            "judge": judge,
            "presets": PRESETS,
            "today": JudgeDay.objects.filter(project=project, on=timezone.now().date()).first() or JudgeDay(),
            "test_url": _url(project, "test"),
            "disconnect_url": _url(project, "disconnect"),
        }
        return TemplateResponse(request, "feedback/judge.html", context)

    def _saved(self, request: HttpRequest, project: Project, form: JudgeForm) -> bool:
        """Whether it is kept; else the form says why not."""
        try:
            judge = save(
                project,
                form.wish(),
                by=request.user.get_username(),
                is_superuser=request.user.is_superuser,
                now=timezone.now(),
            )
        except CannotConnect as refusal:
            form.add_error(refusal.field, str(refusal))
            return False
        messages.success(
            request, "The judge is connected." if judge.sealed_key else "The judge is connected, without a key."
        )
        return True

    def test_view(self, request: HttpRequest) -> HttpResponse:
        """One small call, of ten seconds at most."""
        from feedback.quality.judge.trial import try_out

        project = chosen_project(request, Role.OWNER)
        judge = judge_of(project)
        if judge is None:
            messages.error(request, "There is no judge to test.")
            return HttpResponseRedirect(_url(project))
        trial = try_out(judge, now=timezone.now())
        say = messages.success if trial.is_good else messages.error
        say(request, f"{trial.said} ({trial.seconds:.1f} s)")
        return HttpResponseRedirect(_url(project))

    def disconnect_view(self, request: HttpRequest) -> HttpResponse:
        project = chosen_project(request, Role.OWNER)
        if disconnect(project):
            messages.success(request, "The judge and its key are forgotten. What it said stays.")
        return HttpResponseRedirect(_url(project))


def _url(project: Project, page: str = "changelist") -> str:
    return with_choice(reverse(f"admin:feedback_judge_{page}"), {"project": project.slug})
