"""The app's Celery tasks: doors to one function each."""

from celery import shared_task
from django.utils import timezone

from observatory.metrics.models import StaleBucket
from observatory.metrics.rollup.run import roll_up


@shared_task(name="metrics.roll_up", ignore_result=True)
def roll_up_stale() -> None:
    """Recompute the buckets that are stale; at once a no-op if another one works."""
    if StaleBucket.objects.waiting().exists():
        roll_up(now=timezone.now())
