"""The page of the queue: what waits and why, who reviewed what, how far people agree."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q
from django.http import HttpRequest

from feedback.admin.review_links import act_on, to_item
from feedback.models import ReviewItem
from feedback.review.draw import MOST_OPEN
from feedback.review.queue import LOCK
from feedback.review.reviewed import FAIL, MOST_ITEMS, Reviewed, between_reviewers, reviewed_answers
from feedback.review.rubrics import rubric_of
from interactions.admin.links import here
from interactions.confidence import LOW_CONFIDENCE
from interactions.models import Interaction
from observatory.core.time_range import quick_range, range_choices
from observatory.projects.models import Project
from observatory.projects.roles import may_edit
from observatory.stats.intervals import wilson

SHOWN = 50
VIEWS = {"open": "Waiting", "done": "Reviewed", "mine": "Reviewed by you", "differ": "Reviewers differ"}
REASONS = dict(ReviewItem.Reason.choices)


def queue_context(request: HttpRequest, project: Project, *, now: datetime) -> dict[str, Any]:
    chosen = quick_range(request.GET, now=now, default="30d")
    answers = reviewed_answers(project.pk, since=chosen.since)
    view = request.GET.get("show", "open")
    view = view if view in VIEWS else "open"
    by_id = {one.item.interaction_id: one for one in answers}
    items = _items(project, view, answers, request.user.pk)
    rubric = rubric_of(project.pk)
    return {
        **_counts(project, now),
        **_agreement(answers),
        "ranges": range_choices(chosen, lambda key: here(request, range=key, since=None, until=None)),
        "views": [(label, here(request, show=key), key == view) for key, label in VIEWS.items()],
        "view": view,
        "rows": _rows(request, project, items[:SHOWN], by_id, now),
        "has_more": len(items) > SHOWN,
        "rubric": rubric,
        "draw_url": act_on(project, "draw"),
        "next_url": act_on(project, "next"),
        "rubric_url": act_on(project, "rubric"),
        "csv_url": act_on(project, "csv") + (f"&range={chosen.key}" if chosen.key else ""),
        "lock_minutes": int(LOCK.total_seconds() // 60),
        "low_confidence": LOW_CONFIDENCE,
        "most_random": MOST_OPEN[ReviewItem.Reason.RANDOM],
        "is_cut": len(answers) >= MOST_ITEMS,
        "sample_percent": f"{rubric.sample_rate * 100:g}",
        "second_percent": f"{rubric.second_share * 100:g}",
    }


def _counts(project: Project, now: datetime) -> dict[str, Any]:
    """What waits, by reason; and how many of these somebody has at the moment."""
    rows = ReviewItem.objects.filter(project=project, reviews__lt=F("wanted")).values("reason")
    found = rows.annotate(n=Count("id"), taken=Count("id", filter=Q(locked_until__gt=now))).order_by()
    by_reason = {row["reason"]: row["n"] for row in found}
    return {
        "waiting": sum(by_reason.values()),
        "taken": sum(row["taken"] for row in found),
        "reasons": [(label, by_reason[key]) for key, label in REASONS.items() if by_reason.get(key)],
        "is_empty": not by_reason and not ReviewItem.objects.filter(project=project).exists(),
    }


def _agreement(answers: list[Reviewed]) -> dict[str, Any]:
    agreement = between_reviewers(answers)
    passed = sum(one.is_passed for one in answers)
    authors = Counter(said.author for one in answers for said in one.said)
    return {
        "reviewed": len(answers),
        "passed": passed,
        "pass_share": passed / len(answers) if answers else None,
        "pass_interval": wilson(passed, len(answers)),
        "agreement": agreement,
        "kappa": agreement.kappa,
        "changed": sum(said.is_changed for one in answers for said in one.said),
        "authors": authors.most_common(20),
        "failures": Counter(_kind(one.said[0].label) for one in answers if not one.is_passed).most_common(20),
    }


def _kind(label: str) -> str:
    return "no kind chosen" if label == FAIL else label


def _items(project: Project, view: str, answers: list[Reviewed], account: int | None) -> list[ReviewItem]:
    if view == "differ":
        return [one.item for one in answers if one.differs]
    if view == "mine":
        return [one.item for one in answers if account in one.item.reviewed_by]
    if view == "done":
        return [one.item for one in answers]
    rows = ReviewItem.objects.filter(project=project, reviews__lt=F("wanted"))
    return list(rows.order_by("id")[: SHOWN + 1])


def _rows(
    request: HttpRequest, project: Project, items: list[ReviewItem], by_id: Mapping[Any, Reviewed], now: datetime
) -> list[dict[str, Any]]:
    ids = [item.interaction_id for item in items]
    found = Interaction.objects.for_project(project).filter(interaction_id__in=ids)
    texts = dict(found.values_list("interaction_id", "query_preview"))
    holders = dict(
        ReviewItem.objects.filter(pk__in=[item.pk for item in items], locked_until__gt=now).values_list(
            "pk", "locked_by__username"
        )
    )
    account = request.user.pk
    is_editor = may_edit(request.user, project)
    return [
        {
            "item": item,
            "url": to_item(project, item.pk),
            "question": texts.get(item.interaction_id),
            "is_gone": item.interaction_id not in texts,
            "holder": holders.get(item.pk),
            "said": _shown(by_id.get(item.interaction_id), item, account, is_editor=is_editor),
            "is_skipped": account in item.skipped_by,
        }
        for item in items
    ]


def _shown(answer: Reviewed | None, item: ReviewItem, account: int | None, *, is_editor: bool) -> dict[str, Any]:
    """Who said what; the verdict of a first reviewer stays hidden from who may be the second."""
    said = answer.said if answer else []
    is_hidden = is_editor and item.reviews < item.wanted and account not in item.reviewed_by
    return {"by": said, "is_hidden": is_hidden}
