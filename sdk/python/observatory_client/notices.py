"""What goes wrong is said in the log of the application: each kind of trouble at most once a minute."""

from __future__ import annotations

import contextlib
import logging
import time
from typing import Any

EVERY_S = 60.0
logger = logging.getLogger("observatory_client")


class Notices:
    """`say` never raises."""

    def __init__(self) -> None:
        self._said: dict[str, tuple[float, int]] = {}

    def say(self, kind: str, message: str, *values: Any) -> None:
        now = time.monotonic()
        last, silent = self._said.get(kind, (-EVERY_S, 0))
        if now - last < EVERY_S:
            self._said[kind] = (last, silent + 1)
            return
        self._said[kind] = (now, 0)
        more = f" (and {silent} more like it in the last minutes)" if silent else ""
        # A log handler of the application may fail; its request must not.
        with contextlib.suppress(Exception):
            logger.warning(message + more, *values)
