"""The follower of the stale marks: read facts, compute, then write and clear the marks in one short transaction."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from interactions.digest.compute import Derived, derive
from interactions.digest.digested import tell
from interactions.digest.write import write
from interactions.models import StaleTrace
from interactions.pricing import recent
from interactions.pricing.book import PriceBook
from interactions.trace_marks import Marks, by_project, clear, gathered, work_off
from observatory.core.leases import LeaseLost, acquire, fence, holder, release

LEASE, LEASE_S = "digest", 60
TRACES_A_BATCH = 200
MARKS_A_BATCH = 500
logger = logging.getLogger(__name__)


def is_at_work() -> bool:
    """Whether the lease is held: a process digests, or prices anew, or died at it within the last minute."""
    return bool(holder(LEASE, now=timezone.now(), seconds=LEASE_S))


def digest_until_empty() -> int:
    """Digest all that is stale and return how many marks were cleared; 0 at once if another process is at it."""
    cleared = 0
    while acquire(LEASE, now=timezone.now(), seconds=LEASE_S):
        try:
            while batch := digest_batch(now=timezone.now()):
                cleared += batch
        except LeaseLost:
            logger.warning("The digest took longer than its lease; another process goes on.")
            return cleared
        finally:
            release(LEASE)
        # A mark that came after the last look may have rung while the lease was still held.
        if not StaleTrace.objects.waiting().exists():
            break
    return cleared


def digest_batch(*, now: datetime) -> int:
    """Digest up to TRACES_A_BATCH traces and return how many marks were handled."""
    rows = StaleTrace.objects.waiting().order_by("id").values_list("id", "project_id", "trace_id")[:MARKS_A_BATCH]
    return work_off(StaleTrace, gathered(rows, most=TRACES_A_BATCH), _digest, name="digest", now=now)


def _digest(marks: Marks, now: datetime) -> None:
    traces, book = by_project(marks), PriceBook()
    derived: list[Derived] = [derive(project_id, trace_ids, book) for project_id, trace_ids in traces.items()]
    with transaction.atomic():
        fence(LEASE, now=timezone.now(), seconds=LEASE_S)
        for one in derived:
            write(one, now=now)
            tell(one.project_id, traces[one.project_id], now=now)
        recent.keep(book.used)
        clear(StaleTrace, marks)
