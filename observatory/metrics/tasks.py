"""The app's Celery tasks: doors to one function each."""

from celery import shared_task
from django.utils import timezone

from observatory.core.following import followed
from observatory.metrics.models import StaleBucket
from observatory.metrics.rollup.follow import NAME
from observatory.metrics.rollup.run import roll_up


@shared_task(name="metrics.roll_up", ignore_result=True)
def roll_up_stale() -> None:
    """Recompute the buckets that are stale, unless a thread of this process follows them: it rests between its looks."""
    if NAME not in followed and StaleBucket.objects.waiting().exists():
        roll_up(now=timezone.now())
