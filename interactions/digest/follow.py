"""Looking for stale traces again and again: with this, the digest needs no broker."""

import logging
import threading

from django.db import InterfaceError, OperationalError, close_old_connections

from interactions.digest.run import digest_until_empty
from interactions.models import StaleTrace

LONGEST_PAUSE_S = 30.0
logger = logging.getLogger(__name__)


def follow(*, every_s: float, stopped: threading.Event) -> None:
    """Digest what is stale and look again every `every_s` seconds, until `stopped` is set.

    While the database is away it is asked less and less often, down to once in LONGEST_PAUSE_S.
    """
    pause, is_away = every_s, False
    while True:
        try:
            _look()
        except (OperationalError, InterfaceError) as error:
            pause = min(max(pause, 0.5) * 2, LONGEST_PAUSE_S)
            if not is_away:
                logger.warning("The digest waits for the database: %s", str(error).strip())
            is_away = True
        else:
            if is_away:
                logger.warning("The database answers again; the digest goes on.")
            pause, is_away = every_s, False
        if stopped.wait(pause):
            return


def _look() -> None:
    close_old_connections()
    # Reading first: to take the lease is to write, and nothing should be written while nothing happens.
    if StaleTrace.objects.waiting().exists():
        digest_until_empty()
