"""Looking for answers without scores again and again: with this, scoring needs no broker."""

import threading

from feedback.models import UnscoredTrace
from feedback.scoring import score_waiting
from interactions.digest.run import is_at_work
from observatory.core import following

LOOK_EVERY_S = 2.0
NAME = "scoring"
# A backlog is worked off in spells of a second, each followed by a rest of two: a third of a core at most. While the
# digest is at work beside it, a tenth: what was asked shall be seen first, and rated then.
SPELL_S, REST, REST_BESIDE_DIGEST = 1.0, 2.0, 9.0


def follow(*, stopped: threading.Event) -> None:
    """Score what waits and look again, until `stopped` is set."""
    following.follow(_look, name=NAME, every_s=LOOK_EVERY_S, stopped=stopped, rest=_rest)


def _rest() -> float:
    return REST_BESIDE_DIGEST if is_at_work() else REST


def _look() -> None:
    # Reading first: to take the lease is to write, and nothing should be written while nothing happens.
    if UnscoredTrace.objects.waiting().exists():
        score_waiting(seconds=SPELL_S)
