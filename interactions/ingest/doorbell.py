"""Waking the digest after a commit, without making the request wait for a broker.

At most one ring in RING_EVERY_S seconds leaves a process, always after the last commit that asked for it. A ring that
is lost costs a few seconds, never data: the sweeper looks at the stale marks themselves.
"""

import logging
import threading

from django.conf import settings

RING_EVERY_S = 0.1
logger = logging.getLogger(__name__)
_lock = threading.Lock()
_pending = False


def ring() -> None:
    """Ask for a digest soon. Costs a lock; the broker is called from another thread."""
    global _pending
    if not settings.CELERY_BROKER_URL:
        return
    with _lock:
        if _pending:
            return
        _pending = True
    timer = threading.Timer(RING_EVERY_S, _send)
    timer.daemon = True
    timer.start()


def _send() -> None:
    from kombu.exceptions import OperationalError

    from interactions.tasks import digest

    global _pending
    with _lock:
        _pending = False
    try:
        digest.apply_async(expires=10, retry=False)
    except OperationalError as error:
        logger.warning("The broker cannot be reached (%s); the sweeper will find the work.", error)
