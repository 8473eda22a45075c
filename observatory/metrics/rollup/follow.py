"""Looking for stale buckets again and again."""

import threading
from collections.abc import Callable

from django.utils import timezone

from observatory.core import following
from observatory.metrics.models import StaleBucket
from observatory.metrics.rollup.run import roll_up

LOOK_EVERY_S = 2.0
# At 5,000 spans a second the minute that is being filled takes seconds to recompute, each time whole. Four parts of rest
# to one of work leave the core to the digest, and the figures are some seconds older.
REST, REST_ALONE = 4.0, 0.5
NAME = "roll-up"


def follow(*, stopped: threading.Event, every_s: float = LOOK_EVERY_S, is_alone: Callable[[], bool] = lambda: False) -> None:
    """Roll up what is stale and look again, until `stopped` is set. `is_alone` says whether nothing is to go first."""
    following.follow(_look, name=NAME, every_s=every_s, stopped=stopped, rest=lambda: REST_ALONE if is_alone() else REST)


def _look() -> None:
    # Reading first: to take the lease is to write, and nothing should be written while nothing happens.
    if StaleBucket.objects.waiting().exists():
        roll_up(now=timezone.now())
