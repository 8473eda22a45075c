"""The app's Celery tasks: doors to one function each."""

from celery import shared_task

from feedback.follow import SPELL_S
from feedback.models import UnscoredTrace
from feedback.scoring import score_waiting


@shared_task(name="feedback.score", ignore_result=True)
def score() -> None:
    """Tie scores to their answers and estimate answers, for a spell; at once a no-op if another process is at it."""
    if UnscoredTrace.objects.waiting().exists():
        score_waiting(seconds=SPELL_S)
