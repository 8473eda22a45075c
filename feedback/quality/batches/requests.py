"""What people and programs may do to an evaluation: pause, resume and stop it, and have failures tried again."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from feedback.models import Batch, Score
from feedback.quality.batches import status
from feedback.quality.batches.doorbell import ring
from feedback.quality.batches.wish import MOST_IDS, CannotEvaluate, Wish, ask

TOO_LATE = "This evaluation has come to its end."


def pause(batch: Batch, *, by: str) -> None:
    """CannotEvaluate if it does not run any more."""
    if not status.pause(batch, reason=f"Paused by {by}."):
        raise CannotEvaluate(TOO_LATE if batch.status not in status.OPEN else "It is paused already.")


def resume(batch: Batch) -> None:
    if not status.resume(batch):
        raise CannotEvaluate(TOO_LATE)
    transaction.on_commit(ring, robust=True)


def stop(batch: Batch, *, by: str, now: datetime) -> None:
    """What was scored stays."""
    if not status.stop(batch, reason=f"Stopped by {by}.", now=now):
        raise CannotEvaluate(TOO_LATE)


def try_again(project_id: int, failed: Iterable[Score], *, by: str, now: datetime) -> list[Batch]:
    """Ask for another evaluation of what failed, one an evaluator; its outcome replaces the failure."""
    by_name = defaultdict(set)
    for score in failed:
        if score.interaction_id:
            by_name[score.name].add(score.interaction_id)
    return [
        ask(
            Wish(project_id, [name], ids=sorted(ids)[:MOST_IDS], is_again=True),
            trigger=Batch.Trigger.PERSON,
            by=by,
            now=now,
        )
        for name, ids in by_name.items()
    ]
