"""Looking for stale buckets again and again."""

import threading

from django.utils import timezone

from observatory.core import following
from observatory.metrics.models import StaleBucket
from observatory.metrics.rollup.run import roll_up

LOOK_EVERY_S = 2.0
# At 5,000 spans a second the minute that is being filled takes seconds to recompute, each time whole. Four parts of rest
# to one of work leave the core to the digest, and the figures are some seconds older.
REST = 4.0
NAME = "roll-up"


def follow(*, stopped: threading.Event, every_s: float = LOOK_EVERY_S) -> None:
    """Roll up what is stale and look again, until `stopped` is set."""
    following.follow(_look, name=NAME, every_s=every_s, stopped=stopped, rest=lambda: REST)


def _look() -> None:
    # Reading first: to take the lease is to write, and nothing should be written while nothing happens.
    if StaleBucket.objects.waiting().exists():
        roll_up(now=timezone.now())
