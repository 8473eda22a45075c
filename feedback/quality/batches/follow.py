"""Looking for evaluations again and again: with this, they need no broker."""

import threading
import time

from django.utils import timezone

from feedback.quality.batches import standing
from feedback.quality.batches.run import is_waiting, run_waiting
from observatory.core import following

LOOK_EVERY_S = 3.0
NEW_EVERY_S = 300.0
SPELL_S = 30.0


def follow(*, stopped: threading.Event) -> None:
    """Evaluate what waits, and ask for what is new, until `stopped` is set."""
    due = time.monotonic() + NEW_EVERY_S

    def look() -> None:
        nonlocal due
        if time.monotonic() >= due:
            due = time.monotonic() + NEW_EVERY_S
            standing.look(now=timezone.now())
        if is_waiting():
            run_waiting(seconds=SPELL_S)

    following.follow(look, name="evaluation of answers", every_s=LOOK_EVERY_S, stopped=stopped)
