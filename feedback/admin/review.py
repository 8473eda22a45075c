"""The review queue on the screen: editors review, owners word the questions, viewers look."""

from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from feedback.admin.calibration_page import calibration_context
from feedback.admin.review_csv import csv_file
from feedback.admin.review_item import correction_context, form_context, item_context
from feedback.admin.review_links import to_calibration, to_item, to_queue
from feedback.admin.review_queue import queue_context
from feedback.admin.rubric_form import RubricForm
from feedback.models import ReviewItem
from feedback.quality.batches.wish import CannotEvaluate
from feedback.review import queue
from feedback.review.answers import WrongAnswer, read_answers
from feedback.review.correct import correct, own_verdict
from feedback.review.draw import choose, draw_soon
from feedback.review.judges import have_judged
from feedback.review.rubrics import questions_of, rubric_of
from interactions.admin.interactions import choose_project
from interactions.models import Interaction
from observatory.projects.access import chosen_project, current_project
from observatory.projects.admin_rights import LookOnly
from observatory.projects.models import Project
from observatory.projects.roles import Role, require

NOTHING_LEFT = "Nothing waits for you. What you passed by, and what others have, is in the list."


@admin.register(ReviewItem)
class ReviewItemAdmin(LookOnly):
    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("next/", require_POST(self.next_view), "feedback_reviewitem_next"),
            ("draw/", require_POST(self.draw_view), "feedback_reviewitem_draw"),
            ("choose/", require_POST(self.choose_view), "feedback_reviewitem_choose"),
            ("rubric/", self.rubric_view, "feedback_reviewitem_rubric"),
            ("csv/", self.csv_view, "feedback_reviewitem_csv"),
            ("calibration/judge/", require_POST(self.judge_view), "feedback_reviewitem_judge"),
            ("calibration/", self.calibration_view, "feedback_calibration"),
            ("<path:object_id>/claim/", require_POST(self.claim_view), "feedback_reviewitem_claim"),
            ("<path:object_id>/skip/", require_POST(self.skip_view), "feedback_reviewitem_skip"),
            ("<path:object_id>/correct/", self.correct_view, "feedback_reviewitem_correct"),
            ("<path:object_id>/release/", require_POST(self.release_view), "feedback_reviewitem_release"),
        )
        own = [path(route, self.admin_site.admin_view(view), name=name) for route, view, name in pages]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        project = current_project(request)
        context = {"title": "Review", **(queue_context(request, project, now=timezone.now()) if project else {})}
        return self._page(request, "feedback/review_queue.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        item = self._item(request, object_id)
        problem: WrongAnswer | queue.NotYours | None = None
        if request.method == "POST":
            require(request.user, item.project, Role.EDITOR)
            try:
                return self._submit(request, item)
            except (WrongAnswer, queue.NotYours) as refusal:
                problem = refusal
        context = item_context(request, item, now=timezone.now())
        if problem is not None:
            context |= form_context(request, item, problem)
            status = 400 if isinstance(problem, WrongAnswer) else 409
            return self._page(request, "feedback/review_item.html", context, status=status)
        return self._page(request, "feedback/review_item.html", context)

    def next_view(self, request: HttpRequest) -> HttpResponse:
        return self._next(request, chosen_project(request, Role.EDITOR))

    def draw_view(self, request: HttpRequest) -> HttpResponse:
        project = chosen_project(request, Role.EDITOR)
        drawn = draw_soon(project.pk, now=timezone.now())
        if drawn is None:
            messages.success(
                request,
                "There is much to draw from: the worker does it, mostly within a minute, at the latest within the hour.",
            )
            return HttpResponseRedirect(to_queue(project))
        words = f"{drawn.random} at random, {drawn.unsure} unsure, {drawn.disagree} on which judge and user disagree"
        messages.success(request, f"Drawn for review: {drawn.all}" + (f" ({words})." if drawn.all else "."))
        return HttpResponseRedirect(to_queue(project))

    def choose_view(self, request: HttpRequest) -> HttpResponse:
        project = chosen_project(request, Role.EDITOR)
        key = _uuid(request.POST.get("interaction_id", ""))
        found = Interaction.objects.for_project(project).filter(interaction_id=key).first() if key else None
        item = choose(project.pk, found, now=timezone.now()) if found else None
        if item is None:
            raise Http404("There is no such interaction in this project.")
        return HttpResponseRedirect(to_item(project, item.pk))

    def rubric_view(self, request: HttpRequest) -> HttpResponse:
        project = chosen_project(request, Role.OWNER)
        form = RubricForm(request.POST if request.method == "POST" else None, rubric=rubric_of(project.pk))
        if request.method == "POST" and form.is_valid():
            rubric = form.save(by=f"user {request.user.get_username()}", now=timezone.now())
            messages.success(request, f"Reviewers are asked version {rubric.version} from now on.")
            return HttpResponseRedirect(to_queue(project))
        context = {"title": "Questions of reviewers", "form": form, "queue_url": to_queue(project)}
        return self._page(request, "feedback/rubric.html", context)

    def csv_view(self, request: HttpRequest) -> HttpResponseBase:
        return csv_file(request, chosen_project(request), now=timezone.now())

    def calibration_view(self, request: HttpRequest) -> HttpResponse:
        project = current_project(request)
        context = {"title": "Calibration"}
        if project:
            context |= calibration_context(request, project, now=timezone.now())
        return self._page(request, "feedback/calibration.html", context)

    def judge_view(self, request: HttpRequest) -> HttpResponse:
        project = chosen_project(request, Role.EDITOR)
        now = timezone.now()
        try:
            batch = have_judged(project.pk, by=f"user {request.user.get_username()}", now=now)
        except CannotEvaluate as refusal:
            messages.error(request, str(refusal))
        else:
            said = "The worker has the reviewed answers judged." if batch else "Every reviewed answer was judged."
            messages.success(request, said)
        return HttpResponseRedirect(to_calibration(project))

    def claim_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        item = self._item(request, object_id)
        require(request.user, item.project, Role.EDITOR)
        if not queue.claim(item, _account(request), now=timezone.now()):
            messages.warning(request, "Somebody else has this answer now, or it was reviewed.")
        return HttpResponseRedirect(to_item(item.project, item.pk))

    def skip_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        item = self._item(request, object_id)
        require(request.user, item.project, Role.EDITOR)
        queue.skip(item, _account(request))
        return self._next(request, item.project)

    def release_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        item = self._item(request, object_id)
        require(request.user, item.project, Role.EDITOR)
        queue.release(item, _account(request))
        return HttpResponseRedirect(to_queue(item.project))

    def correct_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A reviewer says something else than before: of their own verdict alone, for no address names another one's."""
        item = self._item(request, object_id)
        require(request.user, item.project, Role.EDITOR)
        score, interaction = own_verdict(item, _account(request)), _interaction(item)
        if score is None:
            raise Http404("You have given no verdict on this answer.")
        if interaction is None:
            messages.warning(request, "The facts of that answer were deleted; your verdict stays as it is.")
            return HttpResponseRedirect(to_item(item.project, item.pk))
        context = correction_context(request, item, score, interaction)
        if request.method != "POST":
            return self._page(request, "feedback/review_item.html", context)
        try:
            return self._correct(request, item, interaction)
        except (WrongAnswer, queue.NotYours) as refusal:
            context |= form_context(request, item, refusal)
            return self._page(
                request, "feedback/review_item.html", context, 400 if isinstance(refusal, WrongAnswer) else 409
            )

    def _correct(self, request: HttpRequest, item: ReviewItem, interaction: Interaction) -> HttpResponse:
        rubric = rubric_of(item.project_id)
        has_changed = correct(
            item,
            interaction,
            read_answers(request.POST.dict(), rubric),
            account_id=_account(request),
            author=request.user.get_username(),
            questions=questions_of(rubric),
            now=timezone.now(),
        )
        messages.success(request, "Your verdict was changed." if has_changed else "Your verdict is what it was.")
        return HttpResponseRedirect(to_item(item.project, item.pk))

    def _next(self, request: HttpRequest, project: Project) -> HttpResponse:
        item = queue.claim_next(project.pk, _account(request), now=timezone.now())
        if item is None:
            messages.info(request, NOTHING_LEFT)
            return HttpResponseRedirect(to_queue(project))
        return HttpResponseRedirect(to_item(project, item.pk))

    def _submit(self, request: HttpRequest, item: ReviewItem) -> HttpResponse:
        rubric = rubric_of(item.project_id)
        answers = read_answers(request.POST.dict(), rubric)
        interaction = _interaction(item)
        if interaction is None:
            queue.close(item)
            messages.warning(request, "The facts of that answer were deleted; it left the queue.")
            return self._next(request, item.project)
        queue.submit(
            item,
            interaction,
            answers,
            account_id=_account(request),
            author=request.user.get_username(),
            questions=questions_of(rubric),
            now=timezone.now(),
        )
        return self._next(request, item.project)

    def _item(self, request: HttpRequest, object_id: str) -> ReviewItem:
        key = int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) <= 18 else -1
        found = self.get_queryset(request).select_related("project", "locked_by").filter(pk=key).first()
        if found is None or ("project" in request.GET and chosen_project(request) != found.project):
            raise Http404("There is no such answer in the queue.")
        choose_project(request, found.project)
        return found

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        whole = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, template, whole, status=status)


def _interaction(item: ReviewItem) -> Interaction | None:
    return Interaction.objects.for_project(item.project_id).filter(interaction_id=item.interaction_id).first()


def _account(request: HttpRequest) -> int:
    return cast(User, request.user).pk


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
