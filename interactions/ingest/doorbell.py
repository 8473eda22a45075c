"""Waking the digest after a commit, without making the request wait for a broker.

At most one ring in RING_EVERY_S seconds leaves a process, always after the last commit that asked for it. A ring that
is lost costs seconds, never data: the worker also looks at the stale marks themselves, without the broker.
"""

import logging
import os
import threading
import time
from collections.abc import Callable

from django.conf import settings
from kombu.exceptions import OperationalError

RING_EVERY_S = 0.1
# The worker looks every two seconds by itself, so there is no hurry to find out whether the broker is back.
PAUSE_AFTER_FAILURE_S = 5.0
logger = logging.getLogger(__name__)


class Doorbell:
    """One thread that rings. It starts with the first ring, and again in a process that was forked."""

    def __init__(self, send: Callable[[], None]):
        self._send = send
        self._is_reached = True
        self._forget()
        os.register_at_fork(after_in_child=self._forget)

    def ring(self) -> None:
        """Ask for a ring soon. Costs the setting of a flag."""
        self._asked.set()
        if self._thread is None or not self._thread.is_alive():
            self._start()

    def _forget(self) -> None:
        # A forked process has no threads, and a lock or event may have been held by one of them.
        self._asked, self._lock = threading.Event(), threading.Lock()
        self._thread: threading.Thread | None = None

    def _start(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                # A daemon: a process that ends does not wait for the broker.
                self._thread = threading.Thread(target=self._run, name="doorbell", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while self._asked.wait():
            time.sleep(RING_EVERY_S)
            # Cleared before sending: whoever asks from now on gets another ring.
            self._asked.clear()
            if not self._try():
                time.sleep(PAUSE_AFTER_FAILURE_S)

    def _try(self) -> bool:
        try:
            self._send()
        except (OperationalError, OSError) as error:
            if self._is_reached:
                logger.warning("The broker cannot be reached (%s); the worker finds the work by looking for it.", error)
            self._is_reached = False
        else:
            self._is_reached = True
        return self._is_reached


def _send() -> None:
    from interactions.tasks import digest  # it imports the digest, which no request needs

    digest.apply_async(expires=10, retry=False)


_doorbell = Doorbell(_send)


def ring() -> None:
    """Ask for a digest soon; nothing happens where there is no broker."""
    if settings.CELERY_BROKER_URL:
        _doorbell.ring()
