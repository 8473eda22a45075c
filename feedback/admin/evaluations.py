"""Evaluations on the screen: editors ask for them, pause, resume and stop them; members look."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from feedback.admin import evaluation_links as links
from feedback.admin.evaluation_form import EvaluationForm, initial_of
from feedback.admin.evaluation_rows import STATES, outcome_rows, row_of, verdict_rows, verdicts_of
from feedback.models import Batch, Score
from feedback.quality.batches import requests
from feedback.quality.batches.plan import Plan, plan_of
from feedback.quality.batches.precision import answers_for
from feedback.quality.batches.wish import CannotEvaluate, ask
from interactions.admin.interactions import choose_project
from observatory.projects.access import chosen_project, current_project
from observatory.projects.admin_rights import ByRole
from observatory.projects.models import Project
from observatory.projects.roles import Role, may_edit, require

MOST_SHOWN = 100
MOST_FAILURES = 200
HALF_WIDTHS = (0.1, 0.05, 0.03, 0.02)


@admin.register(Batch)
class BatchAdmin(ByRole):
    adds = Role.EDITOR

    def get_urls(self) -> list[URLPattern]:
        pages: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
            ("failures/", self.failures_view, "failures"),
            ("again/", require_POST(self.again_view), "again"),
            ("<path:object_id>/pause/", require_POST(self.pause_view), "pause"),
            ("<path:object_id>/resume/", require_POST(self.resume_view), "resume"),
            ("<path:object_id>/stop/", require_POST(self.stop_view), "stop"),
        )
        own = [path(route, self.admin_site.admin_view(view), name=f"feedback_batch_{name}") for route, view, name in pages]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        project = current_project(request)
        if project is None:
            return self._page(request, "feedback/evaluations.html", {"title": "Evaluations"})
        rows = Batch.objects.filter(project=project).select_related("project").order_by("-requested_at", "-id")
        shown, may_change = list(rows[: MOST_SHOWN + 1]), may_edit(request.user, project)
        context = {
            "title": "Evaluations",
            "rows": [row_of(batch, may_change=may_change) for batch in shown[:MOST_SHOWN]],
            "has_more": len(shown) > MOST_SHOWN,
            "may_ask": may_change,
            "failures": len(_given_up(project)),
            "most_failures": MOST_FAILURES,
            "new_url": links.to_new(project),
            "failures_url": links.to_failures(project),
            "evaluators_url": links.to_evaluators(project),
        }
        return self._page(request, "feedback/evaluations.html", context)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        project = chosen_project(request, Role.EDITOR)
        choose_project(request, project)
        typed = request.POST if request.method == "POST" else None
        form = EvaluationForm(typed, project=project, initial=initial_of(request))
        plan: Plan | None = None
        if typed is not None and form.is_valid():
            try:
                plan = plan_of(form.wish(), now=timezone.now())
                if "start" in typed:
                    batch = ask(form.wish(), trigger=Batch.Trigger.PERSON, by=_name(request), now=timezone.now())
                    return HttpResponseRedirect(links.to_batch(batch))
            except CannotEvaluate as refusal:
                form.refuse(refusal)
        context = {
            "title": "Evaluate answers",
            "form": form,
            "plan": plan,
            "precision": [(half, answers_for(half)) for half in HALF_WIDTHS] if plan else [],
            "list_url": links.to_list(project),
            "evaluators_url": links.to_evaluators(project),
        }
        return self._page(request, "feedback/evaluation_form.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        current_project(request)  # another one in the address must be one of theirs
        batch = self._batch(request, object_id)
        choose_project(request, batch.project)
        rows = outcome_rows(batch)
        name = next((row.name for row in rows if row.name == request.GET.get("evaluator")), rows[0].name if rows else "")
        state = request.GET.get("state", "")
        state = state if state in STATES else ""
        context = {
            "title": f"Evaluation {batch.pk}",
            **row_of(batch, may_change=may_edit(request.user, batch.project)),
            "outcomes": rows,
            "chosen": name,
            "state": state,
            "choices": [
                (row.title, links.to_batch(batch, evaluator=row.name, state=state), row.name == name) for row in rows
            ],
            "states": [
                (label, links.to_batch(batch, evaluator=name, state=value), value == state)
                for label, value in (("All", ""), *((value.replace("-", " ").capitalize(), value) for value in STATES))
            ],
            "verdicts": verdicts_of(batch, name, state) if name else [],
            "list_url": links.to_list(batch.project),
            "failures_url": links.to_failures(batch.project),
            **{f"{act}_url": links.to_batch(batch, act) for act in ("pause", "resume", "stop")},
        }
        return self._page(request, "feedback/evaluation.html", context)

    def failures_view(self, request: HttpRequest) -> HttpResponse:
        project = chosen_project(request)
        choose_project(request, project)
        shown = _given_up(project)
        context = {
            "title": "Failed evaluations",
            "rows": verdict_rows(project, shown),
            "has_more": len(shown) == MOST_FAILURES,
            "may_change": may_edit(request.user, project),
            "again_url": links.to_again(project),
            "list_url": links.to_list(project),
        }
        return self._page(request, "feedback/evaluation_failures.html", context)

    def again_view(self, request: HttpRequest) -> HttpResponse:
        """Try again one failure, or all that the page shows."""
        project = chosen_project(request, Role.EDITOR)
        shown = _given_up(project)
        one = request.POST.get("score", "")
        failed = [score for score in shown if not one or score.score_id == one]
        try:
            made = requests.try_again(project.pk, failed, by=_name(request), now=timezone.now())
        except CannotEvaluate as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(links.to_failures(project))
        if not made:
            messages.warning(request, "There is nothing left to try again.")
            return HttpResponseRedirect(links.to_failures(project))
        messages.success(request, f"{len(failed)} failed evaluation{'s' if len(failed) != 1 else ''} will be tried again.")
        return HttpResponseRedirect(links.to_batch(made[0]) if len(made) == 1 else links.to_list(project))

    def pause_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._change(request, object_id, lambda batch: requests.pause(batch, by=_name(request)))

    def resume_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._change(request, object_id, requests.resume)

    def stop_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._change(request, object_id, lambda batch: requests.stop(batch, by=_name(request), now=timezone.now()))

    def _change(self, request: HttpRequest, object_id: str, act: Callable[[Batch], None]) -> HttpResponse:
        batch = self._batch(request, object_id)
        require(request.user, batch.project, Role.EDITOR)
        try:
            act(batch)
        except CannotEvaluate as refusal:
            messages.warning(request, str(refusal))
        return HttpResponseRedirect(links.to_batch(batch))

    def _batch(self, request: HttpRequest, object_id: str) -> Batch:
        key = int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) <= 18 else -1
        batch = self.get_queryset(request).select_related("project").filter(pk=key).first()
        if batch is None:
            raise Http404("There is no such evaluation.")
        return batch

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        return TemplateResponse(request, template, {**self.admin_site.each_context(request), "opts": self.opts, **context})


def _given_up(project: Project) -> list[Score]:
    rows = Score.objects.for_project(project).given_up().exclude(interaction_id=None)
    return list(rows.order_by("-id").defer("parts", "details")[:MOST_FAILURES])


def _name(request: HttpRequest) -> str:
    return f"user {request.user.get_username()}"
