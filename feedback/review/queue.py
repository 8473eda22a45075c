"""Who has which answer: claimed by conditional update with a lock of ten minutes, passed by, given back, reviewed.

No account reviews an answer twice, and nobody holds one for long: a lock that ran out is anybody's.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from feedback.held import held
from feedback.ids import review_id
from feedback.models import ReviewItem, Source
from feedback.review.answers import Answers
from feedback.review.draw import open_items
from feedback.review.rubrics import SCALE, Question
from feedback.scores import Verdict, write
from interactions.models import Interaction

LOCK = timedelta(minutes=10)
LOOKED = 200  # items looked at in one go, for those that this account has not seen
REVIEW = "review"


class NotYours(Exception):
    """Somebody else has the answer now, it is done, or this account has reviewed it."""


def claim_next(project_id: int, account_id: int, *, now: datetime) -> ReviewItem | None:
    """The answer that this account has already, else the next one that waits for it; None if there is none."""
    mine = open_items(project_id).filter(locked_by=account_id, locked_until__gt=now).order_by("id").first()
    if mine is not None and account_id not in mine.reviewed_by:
        return mine
    return next((item for item in _unseen(project_id, account_id, now) if claim(item, account_id, now=now)), None)


def _unseen(project_id: int, account_id: int, now: datetime) -> Iterable[ReviewItem]:
    last = 0
    free = Q(locked_by=None) | Q(locked_until=None) | Q(locked_until__lte=now) | Q(locked_by=account_id)
    while page := list(open_items(project_id).filter(free, pk__gt=last).order_by("id")[:LOOKED]):
        yield from (item for item in page if account_id not in (*item.reviewed_by, *item.skipped_by))
        last = page[-1].pk


def claim(item: ReviewItem, account_id: int, *, now: datetime) -> bool:
    """Lock the answer for this account; False if somebody was quicker, or it is no longer theirs to review."""
    if account_id in item.reviewed_by:
        return False
    free = Q(locked_by=None) | Q(locked_until=None) | Q(locked_until__lte=now) | Q(locked_by=account_id)
    here = ReviewItem.objects.filter(free, pk=item.pk, reviews=item.reviews, reviews__lt=F("wanted"))
    if not here.update(locked_by=account_id, locked_until=now + LOCK):
        return False
    item.locked_by_id, item.locked_until = account_id, now + LOCK
    return True


def release(item: ReviewItem, account_id: int) -> None:
    """Give it back."""
    ReviewItem.objects.filter(pk=item.pk, locked_by=account_id).update(locked_by=None, locked_until=None)


def skip(item: ReviewItem, account_id: int) -> None:
    """Pass it by: it is offered to this account no more, and to others at once. Nothing if somebody else has it now."""
    seen = sorted({*item.skipped_by, account_id})
    here = ReviewItem.objects.filter(pk=item.pk, locked_by=account_id)
    here.update(skipped_by=seen, locked_by=None, locked_until=None)


def close(item: ReviewItem) -> None:
    """Take an answer from the queue whose facts are gone."""
    ReviewItem.objects.filter(pk=item.pk).update(wanted=F("reviews"), locked_by=None, locked_until=None)


@transaction.atomic
def submit(
    item: ReviewItem,
    interaction: Interaction,
    answers: Answers,
    *,
    account_id: int,
    author: str,
    questions: list[Question],
    now: datetime,
) -> None:
    """Store the verdict of this account. NotYours if the lock ran out and somebody else took the answer, or it is gone."""
    if not held(item.project_id, [interaction.interaction_id]):
        raise NotYours("This answer was deleted meanwhile.")
    if account_id in item.reviewed_by:
        raise NotYours("You have reviewed this answer.")
    here = ReviewItem.objects.filter(pk=item.pk, locked_by=account_id, reviews=item.reviews, reviews__lt=F("wanted"))
    reviewed_by = [*item.reviewed_by, account_id]
    if not here.update(reviews=item.reviews + 1, reviewed_by=reviewed_by, locked_by=None, locked_until=None):
        raise NotYours("Your ten minutes were over, and somebody else has this answer now.")
    write(item.project_id, [verdict_of(interaction, answers, account_id, author, questions, now)], now=now)


def verdict_of(
    interaction: Interaction, answers: Answers, account_id: int, author: str, questions: list[Question], now: datetime
) -> Verdict:
    """What an account answered, as a score: one an answer and account."""
    asked = {one.key: one.question for one in questions}
    scales = [one.key for one in questions if one.kind == SCALE]
    return Verdict(
        review_id(interaction.interaction_id, account_id),
        Source.REVIEWER,
        REVIEW,
        now,
        version=f"rubric {answers.version}",
        value=float(answers.is_passed),
        is_passed=answers.is_passed,
        label=answers.category or ("pass" if answers.is_passed else "fail"),
        author=author,
        comment=answers.comment,
        parts=dict(answers.parts),
        details={"rubric": answers.version, "questions": asked, "scales": scales, "category": answers.category},
    ).about(interaction)
