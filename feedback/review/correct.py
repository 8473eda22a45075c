"""A reviewer says something else of an answer than before: their own verdict, in its own row, with what it said until then.

It counts for the moment at which they first said it, so that who reviewed first stays the first.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from feedback.held import held
from feedback.ids import review_id
from feedback.models import ReviewItem, Score, ScoreQuerySet, Source
from feedback.review.answers import Answers
from feedback.review.queue import NotYours, verdict_of
from feedback.review.rubrics import Question
from feedback.scores import write
from interactions.models import Interaction

CHANGES = "changes"  # in the details of the score
MOST_CHANGES = 20  # the latest are kept
SAID = ("is_passed", "label", "comment", "parts", "version")
ASKED = ("questions", "scales")  # in the details: what the parts answer, for a question keeps its key when its words change


def own_verdict(item: ReviewItem, account_id: int | None) -> Score | None:
    """What this account has said of the answer."""
    return None if account_id is None else _own(item, account_id).first()


def changes_of(score: Score) -> list[dict[str, Any]]:
    """What the verdict was before, the oldest first: `at` says until when, beside the names of SAID and ASKED."""
    found = score.details.get(CHANGES, [])
    return found if isinstance(found, list) else []


@transaction.atomic
def correct(
    item: ReviewItem,
    interaction: Interaction,
    answers: Answers,
    *,
    account_id: int,
    author: str,
    questions: list[Question],
    now: datetime,
) -> bool:
    """Replace the verdict of this account; False if it says the same already.

    NotYours if there is none, or the answer is gone.
    """
    if not held(item.project_id, [interaction.interaction_id]):
        raise NotYours("This answer was deleted meanwhile.")
    before = _own(item, account_id).select_for_update(no_key=True).first()
    if before is None:
        raise NotYours("You have given no verdict on this answer.")
    verdict = verdict_of(interaction, answers, account_id, author, questions, now)
    if all(getattr(verdict, name) == getattr(before, name) for name in SAID):
        return False
    verdict.at = before.at
    verdict.details[CHANGES] = [*changes_of(before), _said(before, now)][-MOST_CHANGES:]
    write(item.project_id, [verdict], now=now)
    return True


def _own(item: ReviewItem, account_id: int) -> ScoreQuerySet:
    """By the id that follows from answer and account: nobody reaches the verdict of another one."""
    own = Score.objects.for_project(item.project_id).of(Source.REVIEWER)  # an application may send any id
    return own.filter(score_id=review_id(item.interaction_id, account_id))


def _said(score: Score, now: datetime) -> dict[str, Any]:
    asked = {name: score.details[name] for name in ASKED if name in score.details}
    return {"at": now.isoformat(), **{name: getattr(score, name) for name in SAID}, **asked}
