"""Looking for stale traces again and again: with this, the digest needs no broker."""

import threading

from interactions.digest.run import digest_until_empty
from interactions.models import StaleTrace
from observatory.core import following


def follow(*, every_s: float, stopped: threading.Event) -> None:
    """Digest what is stale and look again every `every_s` seconds, until `stopped` is set."""
    following.follow(_look, name="digest", every_s=every_s, stopped=stopped)


def _look() -> None:
    # Reading first: to take the lease is to write, and nothing should be written while nothing happens.
    if StaleTrace.objects.waiting().exists():
        digest_until_empty()
