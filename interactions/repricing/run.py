"""Counting and carrying out: batch by batch, each in one transaction with the progress. Killed anywhere, it goes on there.

A batch computes under the leases of the digest and of retention, so nobody writes or deletes the same rows meanwhile.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from interactions.digest import user_days
from interactions.digest.run import LEASE as DIGEST
from interactions.digest.run import LEASE_S as DIGEST_S
from interactions.digest.write import write_gaps, write_span_costs
from interactions.metrics.sources import INTERACTIONS, SPANS
from interactions.models import Interaction, Repricing
from interactions.models.repricing import AT_WORK
from interactions.pricing.book import PriceBook
from interactions.raw_data.lease import LEASE as RETENTION
from interactions.raw_data.lease import LEASE_S as RETENTION_S
from interactions.repricing.batch import Batch, chosen, next_batch
from interactions.repricing.book import state_of
from interactions.repricing.tally import Tally
from observatory.core.leases import LeaseBusy, LeaseLost, acquire, fence, holding, release
from observatory.metrics import staleness

LEASE, LEASE_S = "reprice", 120
WAIT_S = 30.0
BOOK_CHANGED = "The price book was changed after it was counted. What was re-priced before stays so; ask again for the rest."
NOTHING_CHANGES = "Nothing changes: by today's price book every cost that was looked at stays as it is."
Status = Repricing.Status
logger = logging.getLogger(__name__)


def reprice_waiting() -> int:
    """Count and carry out what waits, and return how many re-pricings came to an end; 0 if another process is at it."""
    if not acquire(LEASE, now=timezone.now(), seconds=LEASE_S):
        return 0
    ended = 0
    try:
        for job in Repricing.objects.filter(status__in=AT_WORK).order_by("id"):
            ended += work_on(job)
    except (LeaseBusy, LeaseLost) as lease:
        logger.warning("Another process holds the lease %s; re-pricing goes on with the next run.", lease)
    finally:
        release(LEASE)
    return ended


def work_on(job: Repricing) -> bool:
    """Bring one re-pricing to the end of its phase, under the lease; False if somebody stopped it meanwhile."""
    if job.total is None:
        job.total = chosen(job).count()
        Repricing.objects.filter(pk=job.pk, status=job.status).update(total=job.total)
    while job.is_at_work:
        with _undisturbed(job):
            is_ours = _step(job, now=timezone.now())
        if not is_ours:
            return False
    return True


@contextmanager
def _undisturbed(job: Repricing) -> Iterator[None]:
    """While costs are written nobody else derives or deletes; a mere count need not care."""
    if job.status == Status.COUNTING:
        yield
        return
    with (
        holding(RETENTION, seconds=RETENTION_S, wait_s=WAIT_S),
        holding(DIGEST, seconds=DIGEST_S, wait_s=WAIT_S),
    ):
        yield


def _step(job: Repricing, *, now: datetime) -> bool:
    """One batch, or the end of the phase; False if the row is no longer what we knew: somebody stopped it."""
    book = PriceBook()
    if state_of(book)["print"] != job.book["print"]:
        return _move_on(job, status=Status.STOPPED, reason=BOOK_CHANGED, finished_at=now)
    tally = Tally.of_json(job.found)
    batch = next_batch(job, tally, book)
    if batch is None and job.status == Status.COUNTING and tally.whole.changed:
        return _move_on(job, status=Status.READY)
    if batch is None and job.status == Status.COUNTING:
        return _move_on(job, status=Status.DONE, reason=NOTHING_CHANGES, finished_at=now)
    if batch is None:
        return _move_on(job, status=Status.DONE, finished_at=now)
    with transaction.atomic():
        if job.status == Status.RUNNING:
            fence(DIGEST, now=timezone.now(), seconds=DIGEST_S)
            fence(RETENTION, now=timezone.now(), seconds=RETENTION_S)
            _write(batch, now=now)
        fence(LEASE, now=timezone.now(), seconds=LEASE_S)
        is_ours = _move_on(job, found=tally.as_json(), after_at=batch.last.asked_at, after_id=batch.last.pk)
        if not is_ours:
            transaction.set_rollback(True)
    return is_ours


def _move_on(job: Repricing, **changes: object) -> bool:
    """Write the progress if the row still stands where this run left it."""
    here = Repricing.objects.filter(pk=job.pk, status=job.status, after_id=job.after_id)
    if not here.update(**changes):
        return False
    for name, value in changes.items():
        setattr(job, name, value)
    return True


def _write(batch: Batch, *, now: datetime) -> None:
    """Write the new costs and mark what is made of them as stale."""
    project_id = batch.derived.project_id
    write_span_costs(project_id, batch.derived.span_costs)
    Interaction.objects.bulk_update(batch.changes, ["cost_usd"], batch_size=200)
    write_gaps(batch.derived, now)
    user_days.mark(project_id, [(one.user_id, one.asked_at) for one in batch.changes])
    stale = {(project_id, INTERACTIONS.name, one.asked_at.timestamp()) for one in batch.changes}
    stale |= {(project_id, SPANS.name, at) for at in batch.span_times}
    staleness.mark(stale, now=now)
