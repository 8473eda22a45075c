"""Looking for answers without scores again and again: with this, scoring needs no broker."""

import threading

from feedback.models import UnscoredTrace
from feedback.scoring import score_waiting
from observatory.core import following

LOOK_EVERY_S = 2.0
# A backlog is worked off in spells of a second, each followed by a rest of two: a third of a core at most.
SPELL_S, REST = 1.0, 2.0


def follow(*, stopped: threading.Event) -> None:
    """Score what waits and look again, until `stopped` is set."""
    following.follow(_look, name="scoring", every_s=LOOK_EVERY_S, stopped=stopped, rest=REST)


def _look() -> None:
    # Reading first: to take the lease is to write, and nothing should be written while nothing happens.
    if UnscoredTrace.objects.waiting().exists():
        score_waiting(seconds=SPELL_S)
