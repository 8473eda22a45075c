"""What goes with interactions that go, and what is written of a user or session who is forgotten."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from feedback.models import Batch, Canary, CanaryRun, EvaluatorSetting, ReviewItem, UnscoredTrace
from interactions.erasure.forgetters import register_forgetter
from interactions.erasure.mentions import filters_mention
from interactions.raw_data.leftovers import Gone, register_leftover


def register() -> None:
    register_leftover("review items", _review_items, tables=(ReviewItem,))
    register_leftover("verdicts on canaries", _canary_runs, tables=(CanaryRun,))
    register_leftover("canaries", _canaries, tables=(Canary,))
    register_leftover("marks of scoring", _marks, tables=(UnscoredTrace,), is_told=False)
    register_forgetter("evaluations", forget_batches, tables=(Batch,))
    register_forgetter("settings of evaluators", forget_settings, tables=(EvaluatorSetting,))


def _review_items(gone: Gone) -> QuerySet[Any]:
    """An erasure takes all. When an answer goes for its age, what was reviewed stays: it says how it was drawn."""
    rows = ReviewItem.objects.filter(project_id=gone.project_id, interaction_id__in=gone.interaction_ids)
    return rows if gone.is_erasure else rows.filter(reviews=0)


def _canaries(gone: Gone) -> QuerySet[Any]:
    """An erasure takes copies of its answers. What goes for its age leaves its canary, which was chosen to stay."""
    if not gone.is_erasure:
        return Canary.objects.none()
    return Canary.objects.filter(project_id=gone.project_id, interaction_id__in=gone.interaction_ids)


def _canary_runs(gone: Gone) -> QuerySet[Any]:
    return CanaryRun.objects.filter(canary__in=_canaries(gone))


def _marks(gone: Gone) -> QuerySet[Any]:
    """An erasure takes all, for their errors may quote an answer. Else the follower takes those that were not given up."""
    marks = UnscoredTrace.objects.all() if gone.is_erasure else UnscoredTrace.objects.failed()
    return marks.filter(project_id=gone.project_id, trace_id__in=gone.trace_ids)


def forget_batches(project_id: int, column: str, subject: str) -> int:
    """Delete evaluations whose filters name the subject; what such a one still had to do is not done."""
    batches = Batch.objects.select_for_update().filter(project_id=project_id)
    theirs = [one.pk for one in batches if filters_mention(_pairs(one.filters), column, subject)]
    return Batch.objects.filter(pk__in=theirs).delete()[0]


def forget_settings(project_id: int, column: str, subject: str) -> int:
    """Turn evaluators off whose filters name the subject, and empty these: without them they would run on all answers."""
    settings = EvaluatorSetting.objects.select_for_update().filter(project_id=project_id)
    theirs = [one.pk for one in settings if filters_mention(_pairs(one.filters), column, subject)]
    return EvaluatorSetting.objects.filter(pk__in=theirs).update(filters={}, is_on=False)


def _pairs(filters: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in filters.items():
        for one in value if isinstance(value, list) else [value]:
            yield name, str(one)
