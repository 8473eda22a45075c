"""The page of an answer in the queue: question, passages, answer, and the rubric beside them.

What users and judges say of it is not on the page, nor a way to it, before the reviewer has answered: who knows a verdict
leans towards it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from feedback.admin.review_changes import change_lines
from feedback.admin.review_links import act_on, to_item, to_queue
from feedback.ids import review_id
from feedback.models import ReviewItem, Score, Source, State
from feedback.opinions.words import answer_word
from feedback.review.answers import FAIL, PASS, WrongAnswer
from feedback.review.queue import NotYours
from feedback.review.rubrics import SCALE, rubric_of
from interactions.admin.claims import claims_of
from interactions.admin.links import to_trace
from interactions.admin.texts import blocks_of, passage_of
from interactions.models import Interaction
from interactions.reading.sessions import with_texts
from observatory.projects.roles import may_edit

MAX_PASSAGES = 50
MOST_SCORES = 100


def item_context(request: HttpRequest, item: ReviewItem, *, now: datetime) -> dict[str, Any]:
    project = item.project
    interaction = Interaction.objects.for_project(project).filter(interaction_id=item.interaction_id).first()
    is_open = item.reviews < item.wanted
    is_editor = may_edit(request.user, project)
    has_reviewed = request.user.pk in item.reviewed_by
    is_held = item.locked_until is not None and item.locked_until > now
    is_mine = is_open and is_editor and item.locked_by_id == request.user.pk and not has_reviewed
    is_hidden = is_editor and is_open and not has_reviewed
    return {
        "title": "Review an answer" if is_hidden else "A reviewed answer",
        "item": item,
        "is_open": is_open,
        "is_mine": is_mine,
        "is_form": is_mine,
        "is_hidden": is_hidden,
        "is_others": is_open and is_held and not is_mine,
        "may_claim": is_hidden and not is_mine and not is_held and interaction is not None,
        "may_edit": is_editor,
        "queue_url": to_queue(project),
        "urls": {act: act_on(project, act, item.pk) for act in ("claim", "skip", "release")},
        "next_url": act_on(project, "next"),
        **(_texts(item, interaction) if interaction else {"is_gone": True}),
        **_rubric(item, {}),
        **({} if is_hidden else _said(item, request)),
    }


def correction_context(request: HttpRequest, item: ReviewItem, score: Score, interaction: Interaction) -> dict[str, Any]:
    """The form with what this reviewer said before. An answer to a question that reads otherwise now is left open."""
    before = {f"q-{key}": f"{value:g}" for key, value in _still_asked(item, score).items() if value is not None}
    verdict = {"verdict": PASS if score.is_passed else FAIL, "category": score.details.get("category", "")}
    return {
        "title": "Change your verdict",
        "item": item,
        "score": score,
        "is_form": True,
        "is_correction": True,
        "queue_url": to_queue(item.project),
        "item_url": to_item(item.project, item.pk),
        **_texts(item, interaction),
        **_rubric(item, {**before, **verdict, "comment": score.comment}),
    }


def _still_asked(item: ReviewItem, score: Score) -> Mapping[str, float | None]:
    asked = score.details.get("questions", {})
    same = {one["key"] for one in rubric_of(item.project_id).questions if asked.get(one["key"]) == one["question"]}
    return {key: value for key, value in score.parts.items() if key in same}


def form_context(request: HttpRequest, item: ReviewItem, problem: WrongAnswer | NotYours) -> dict[str, Any]:
    """The form as it was sent, with what is wrong with it."""
    return {**_rubric(item, request.POST.dict()), "problem": str(problem), "wrong": getattr(problem, "field", "")}


def _texts(item: ReviewItem, interaction: Interaction) -> dict[str, Any]:
    (whole,) = with_texts(item.project_id, [interaction])
    passages = (whole.get("passages") or [])[:MAX_PASSAGES]
    claims = claims_of(whole.get("answer"), passages)
    return {
        "question": blocks_of(whole.get("query")),
        "answer": blocks_of(whole.get("answer")),
        "claims": claims,
        "passages": [
            {**passage_of(passage), "used_by": claims.used_by[place] if claims else ()}
            for place, passage in enumerate(passages)
        ],
        "passages_hidden": max(0, len(whole.get("passages") or []) - MAX_PASSAGES),
        "asked_at": interaction.asked_at,
        "model": interaction.model,
        "trace_url": to_trace(item.project, item.trace_id),
    }


def _rubric(item: ReviewItem, given: Mapping[str, str]) -> dict[str, Any]:
    """The questions with the answers that were given so far."""
    rubric = rubric_of(item.project_id)
    return {
        "rubric": rubric,
        "questions": [_question(one, given.get(f"q-{one['key']}", "")) for one in rubric.questions],
        "categories": rubric.categories,
        "given": given,
        "verdicts": [(PASS, "Pass", "y"), (FAIL, "Fail", "n")],
    }


def _question(one: Mapping[str, str], given: str) -> dict[str, Any]:
    if one["kind"] == SCALE:
        choices = [(str(number), str(number), str(number)) for number in range(1, 6)]
    else:
        choices = [("1", "Yes", "y"), ("0", "No", "n")]
    return {**one, "name": f"q-{one['key']}", "choices": [*choices, ("", "Open", "")], "given": given}


def _said(item: ReviewItem, request: HttpRequest) -> dict[str, Any]:
    """What is said of the answer, by whom: for those who have answered, or do not review."""
    rows = Score.objects.for_project(item.project_id).filter(interaction_id=item.interaction_id)
    scores = list(rows.order_by("source", "at", "id")[:MOST_SCORES])
    own = review_id(item.interaction_id, request.user.pk)
    return {
        "reviews": [_review(one) for one in scores if one.source == Source.REVIEWER],
        "may_correct": may_edit(request.user, item.project)
        and any(one.score_id == own and one.source == Source.REVIEWER for one in scores),
        "correct_url": act_on(item.project, "correct", item.pk),
        "others": [one for one in scores if one.source != Source.REVIEWER],
        "states": {"failed": State.FAILED, "not_scorable": State.NOT_SCORABLE},
    }


def _review(score: Score) -> dict[str, Any]:
    asked, scales = score.details.get("questions", {}), score.details.get("scales", [])
    parts = [(asked.get(key, key), answer_word(value, key in scales)) for key, value in score.parts.items()]
    return {"score": score, "parts": parts, "changes": change_lines(score)}
