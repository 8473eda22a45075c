"""The app's Celery tasks: doors to one function each."""

from celery import shared_task
from django.utils import timezone

from interactions.digest.fold import fold_outcomes
from interactions.digest.run import digest_until_empty


@shared_task(name="interactions.digest", ignore_result=True)
def digest() -> None:
    """Assemble and price what is stale. Rung after commits and by the schedule; at once a no-op if another one works."""
    digest_until_empty()


@shared_task(name="interactions.fold_outcomes", ignore_result=True)
def fold() -> None:
    """Keep the counts that requests append few."""
    fold_outcomes(now=timezone.now())
