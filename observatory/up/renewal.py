"""A worker that has grown starts anew once it is idle.

Libraries that a judge needs stay loaded, and Python keeps a megabyte of memory while one object in it lives: after the
roll-up of thirty days a third of what a worker holds is of no use. A process that takes the place of itself gives all of it
back. Jobs are rows, so that nothing depends on what it remembers.
"""

import time
from collections.abc import Callable

import psutil
from celery.worker import state

from observatory.core import following

LOOK_EVERY_S = 10.0
QUIET_LOOKS = 3
QUIET_CPU = 0.1  # of a core: looking for work takes a fiftieth, any work more
LEAST_GAIN = 40 * 1024 * 1024  # bytes; the first price and the first comment bring 20 MB that would be loaded again


def private_bytes() -> int:
    return int(psutil.Process().memory_full_info().uss)


class Renewal:
    """Says when it is time: `look` is called every LOOK_EVERY_S, `held` gives bytes, `used` seconds of CPU."""

    def __init__(self, held: Callable[[], int] = private_bytes, used: Callable[[], float] = time.process_time):
        self._held, self._used = held, used
        self._held_at_start, self._used_before, self._quiet_looks = held(), used(), 0

    def look(self) -> bool:
        used = self._used()
        asks = state.active_requests or state.reserved_requests or following.at_work
        works = asks or used - self._used_before > QUIET_CPU * LOOK_EVERY_S
        self._used_before, self._quiet_looks = used, 0 if works else self._quiet_looks + 1
        return self._quiet_looks >= QUIET_LOOKS and self._held() - self._held_at_start >= LEAST_GAIN
