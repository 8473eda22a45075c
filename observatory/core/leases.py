"""Leases: a job is claimed by a conditional update, so the same code is right on SQLite and PostgreSQL."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from observatory.core.models import Lease

TABLE = Lease._meta.db_table
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
    # Reading first: to ask in vain should not wait for whoever writes, and on SQLite keep others waiting.
    if (owner := holder(name, now=now, seconds=seconds)) and owner != owner_name():
        return False
    until = now + timedelta(seconds=seconds)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TABLE} AS held (name, owner, until) VALUES (%s, %s, %s) "  # noqa: S608
            "ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until "
            "WHERE held.owner = excluded.owner OR held.until <= %s OR held.until > %s RETURNING name",
            [name, owner_name(), *map(_stored, (until, now, until + CLOCKS_DIFFER))],
        )
        return bool(cursor.fetchall())


def holder(name: str, *, now: datetime, seconds: int) -> str:
    """Return who holds a lease that is taken for so many seconds; "" if nobody does."""
    latest = now + timedelta(seconds=seconds) + CLOCKS_DIFFER
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT owner FROM {TABLE} WHERE name = %s AND until > %s AND until <= %s",  # noqa: S608
            [name, *map(_stored, (now, latest))],
        )
        row = cursor.fetchone()
    return row[0] if row else ""


def fence(name: str, *, now: datetime, seconds: int) -> None:
    """Inside a transaction: renew the lease and hold its row, or raise LeaseLost.

    The row stays locked until commit, so a holder whose lease ran out can never write over its successor's work.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {TABLE} SET until = %s WHERE name = %s AND owner = %s",  # noqa: S608
            [_stored(now + timedelta(seconds=seconds)), name, owner_name()],
        )
        if not cursor.rowcount:
            raise LeaseLost(name)


def release(name: str) -> None:
    """Give the lease back, if it is still ours."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE name = %s AND owner = %s", [name, owner_name()])  # noqa: S608


def _stored(moment: datetime) -> Any:
    """As the store keeps it. The statements are in SQL's own words: Django takes longer to word them than they take."""
    return connection.ops.adapt_datetimefield_value(moment)


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
