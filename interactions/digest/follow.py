"""Looking for stale traces again and again: with this, the digest needs no broker."""

import threading

from interactions.digest.run import digest_until_empty
from interactions.digest.user_days import Refresher
from interactions.models import StaleTrace
from observatory.core import following


def follow(*, every_s: float, stopped: threading.Event) -> None:
    """Digest what is stale, make the days of users anew, and look again every `every_s` seconds, until `stopped` is set."""
    refresh = Refresher()

    def look() -> None:
        _digest()
        refresh()

    following.follow(look, name="digest", every_s=every_s, stopped=stopped)


def _digest() -> None:
    # Reading first: to take the lease is to write, and nothing should be written while nothing happens.
    if StaleTrace.objects.waiting().exists():
        digest_until_empty()
