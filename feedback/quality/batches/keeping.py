"""Keeping a lease while a judge thinks: it is short, so that a killed process holds nobody up, and renewed meanwhile."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from observatory.core.leases import owner_name
from observatory.core.models import Lease

EVERY_S = 15.0
logger = logging.getLogger(__name__)


@contextmanager
def kept(name: str, *, seconds: int) -> Iterator[None]:
    """Renew the lease of this thread every EVERY_S seconds. It is the fence that says whether it is still held."""
    ended = threading.Event()
    arguments = (name, owner_name(), seconds, ended)
    keeper = threading.Thread(target=_keep, args=arguments, name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()


def _keep(name: str, owner: str, seconds: int, ended: threading.Event) -> None:
    try:
        while not ended.wait(EVERY_S):
            _renew(name, owner, seconds)
    finally:
        connection.close()


def _renew(name: str, owner: str, seconds: int) -> None:
    try:
        Lease.objects.filter(name=name, owner=owner).update(until=timezone.now() + timedelta(seconds=seconds))
    except (OperationalError, InterfaceError) as error:
        logger.warning("The lease %s could not be renewed (%s); it is tried again.", name, error)
