"""Leases: a job is claimed by a conditional update, so the same code is right on SQLite and PostgreSQL."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from observatory.core.models import Lease

POLL_S = 0.05
CLOCKS_DIFFER = timedelta(minutes=5)  # of machines that work on one database, at most


class LeaseLost(Exception):
    """Another process holds the lease now: whatever was computed under it must not be written."""


class LeaseBusy(Exception):
    """Another process holds the lease and did not give it back in time: try again later."""


def owner_name() -> str:
    """A name for this thread of this process, different from every other holder's."""
    return f"{socket.gethostname()[:24]}:{os.getpid()}:{threading.get_ident()}"


def acquire(name: str, *, now: datetime, seconds: int) -> bool:
    """Take or renew the lease; False if someone else holds it.

    A lease that runs longer than any could was taken before the clock was set back: its holder may be long gone.
    """
    owner, until = owner_name(), now + timedelta(seconds=seconds)
    free = Q(owner=owner) | Q(until__lte=now) | Q(until__gt=until + CLOCKS_DIFFER)
    if Lease.objects.filter(free, name=name).update(owner=owner, until=until):
        return True
    return Lease.objects.get_or_create(name=name, defaults={"owner": owner, "until": until})[1]


def fence(name: str, *, now: datetime, seconds: int) -> None:
    """Inside a transaction: renew the lease and hold its row, or raise LeaseLost.

    The row stays locked until commit, so a holder whose lease ran out can never write over its successor's work.
    """
    owner = owner_name()
    if not Lease.objects.filter(name=name, owner=owner).update(until=now + timedelta(seconds=seconds)):
        raise LeaseLost(name)


def release(name: str) -> None:
    """Give the lease back, if it is still ours."""
    Lease.objects.filter(name=name, owner=owner_name()).delete()


@contextmanager
def holding(name: str, *, seconds: int, wait_s: float = 0.0) -> Iterator[None]:
    """Hold the lease for a block of code, or raise LeaseBusy if it does not become free within `wait_s`."""
    give_up_at = time.monotonic() + wait_s
    while not acquire(name, now=timezone.now(), seconds=seconds):
        if time.monotonic() >= give_up_at:
            raise LeaseBusy(name)
        time.sleep(POLL_S)
    try:
        yield
    finally:
        release(name)
