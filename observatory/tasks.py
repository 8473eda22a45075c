"""The root's Celery tasks: doors to one function each."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from observatory.core import heartbeats
from observatory.watch.beats import BEAT


@shared_task(name="observatory.demo_tick", ignore_result=True)
def demo_tick(**state: Any) -> None:
    """Send what the demo's people just asked. The row's arguments are the demo's state, which is read from the row."""
    # Imported here: a worker without a demo need not hold its texts.
    from observatory.demo.run import tick

    tick(now=timezone.now())


@shared_task(name="observatory.heartbeat", ignore_result=True)
def heartbeat() -> None:
    """Show that beat, the broker and a worker work together."""
    heartbeats.beat(BEAT, now=timezone.now())
