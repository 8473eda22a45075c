"""Leases: a job is claimed by a conditional update, so the same code is right on SQLite and PostgreSQL."""

import os
import socket
import threading
from datetime import datetime, timedelta

from django.db.models import Q

from observatory.core.models import Lease


class LeaseLost(Exception):
    """Another process holds the lease now: whatever was computed under it must not be written."""


def owner_name() -> str:
    """A name for this thread of this process, different from every other holder's."""
    return f"{socket.gethostname()[:24]}:{os.getpid()}:{threading.get_ident()}"


def acquire(name: str, *, now: datetime, seconds: int) -> bool:
    """Take or renew the lease; False if someone else holds it."""
    owner, until = owner_name(), now + timedelta(seconds=seconds)
    free = Q(owner=owner) | Q(until__lte=now)
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
