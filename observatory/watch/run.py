"""Watching: every 15 seconds the machine, every minute the pipeline, with a heartbeat of the process that does it."""

import logging
import threading
import time
import uuid
from collections.abc import Callable
from datetime import datetime

import psutil
from django.conf import settings
from django.utils import timezone

from interactions.ingest.records import EventRecord
from interactions.ingest.store import store
from interactions.metrics.system import SYSTEM_SAMPLE
from observatory.core import following, heartbeats
from observatory.core.leases import acquire
from observatory.metrics.record import record_all
from observatory.projects.own import own_project
from observatory.watch import pipeline, queues
from observatory.watch.beats import WORKER
from observatory.watch.host import Host

LOOK_EVERY_S = 15.0
PIPELINE_EVERY_S = 60.0
# Held and renewed, not given back: with several workers one of them watches the pipeline until it is gone.
LEASE, LEASE_S = "watch", 150
SIGNAL = "system"
logger = logging.getLogger(__name__)


def follow(*, stopped: threading.Event) -> None:
    """Watch until `stopped` is set."""
    following.follow(watcher(), name="The watch", every_s=LOOK_EVERY_S, stopped=stopped)


def watcher() -> Callable[[], None]:
    """Return what takes one look at the machine, and at the pipeline when a minute has passed."""
    host, due = Host(settings.DATA_DIR), time.monotonic()

    def look() -> None:
        nonlocal due
        now = timezone.now()
        heartbeats.beat(WORKER, now=now)
        watch_host(host, now=now)
        if time.monotonic() >= due and acquire(LEASE, now=now, seconds=LEASE_S):
            due = time.monotonic() + PIPELINE_EVERY_S
            watch_pipeline(now=now)

    return look


def watch_host(host: Host, *, now: datetime) -> None:
    """Store what the machine says, as any other machine would report it: an event of our own project."""
    try:
        data = host.look()
    except (psutil.Error, OSError):
        logger.exception("The machine cannot be looked at.")
        return
    data["queue_size"] = queues.queue_size()
    event = EventRecord(uuid.uuid4().hex, SYSTEM_SAMPLE, int(now.timestamp() * 1_000_000), body_hash=0, data=data)
    store(project_id=own_project().pk, signal=SIGNAL, now=now, records=[event])


def watch_pipeline(*, now: datetime) -> None:
    record_all(pipeline.look(own_project().pk, now=now), at=now)
