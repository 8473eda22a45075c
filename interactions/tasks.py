"""The app's Celery tasks: doors to one function each."""

from celery import shared_task
from django.utils import timezone

from interactions.digest.fold import fold_outcomes
from interactions.digest.run import digest_until_empty
from interactions.erasure.run import erase_waiting
from interactions.repricing.run import reprice_waiting
from interactions.retention.run import retain
from observatory.metrics.size import sample
from observatory.metrics.thinning import thin


@shared_task(name="interactions.digest", ignore_result=True)
def digest() -> None:
    """Assemble and price what is stale. Rung after commits and by the schedule; at once a no-op if another one works."""
    digest_until_empty()


@shared_task(name="interactions.fold_outcomes", ignore_result=True)
def fold() -> None:
    """Keep the counts that requests append few."""
    fold_outcomes(now=timezone.now())


@shared_task(name="interactions.retention", ignore_result=True)
def retention() -> None:
    """Archive and delete raw facts that are too old or too much; then metrics that are kept by coarser buckets."""
    try:
        retain(now=timezone.now())
    finally:
        thin(now=timezone.now())


@shared_task(name="interactions.erase", ignore_result=True)
def erase() -> None:
    """Carry out the erasures that wait."""
    erase_waiting(now=timezone.now())


@shared_task(name="interactions.reprice", ignore_result=True)
def reprice() -> None:
    """Count and carry out the re-pricings that wait. Rung when one is asked for or confirmed, and by the schedule."""
    reprice_waiting()


@shared_task(name="interactions.sample_sizes", ignore_result=True)
def sample_sizes() -> None:
    """Note how large the tables are today."""
    sample(now=timezone.now())
