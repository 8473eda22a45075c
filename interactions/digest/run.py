"""The follower of the stale marks: read facts, compute, then write and clear the marks in one short transaction."""

import logging
from collections import defaultdict
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from interactions.digest.compute import Derived, derive
from interactions.digest.digested import tell
from interactions.digest.pricing import PriceBook
from interactions.digest.write import write
from interactions.models import StaleTrace
from observatory.core.leases import LeaseLost, acquire, fence, release

LEASE, LEASE_S = "digest", 60
TRACES_A_BATCH = 200
MARKS_A_BATCH = 500
STORE_IS_AWAY = (LeaseLost, OperationalError, InterfaceError)
MAX_REPORTED = 100
_reported: set[str] = set()
logger = logging.getLogger(__name__)

Marks = dict[tuple[int, str], list[int]]  # (project, trace) -> ids of its marks


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
    marks = _take_marks()
    if not marks:
        return 0
    try:
        _digest(marks, now)
    except STORE_IS_AWAY:
        raise  # no trace is to blame; the marks stay, and the next ring or look finds them
    except Exception as error:  # noqa: BLE001  (each trace is tried by itself, and the guilty one is reported there)
        # One trace spoils the batch: the others must not wait for it, so each goes by itself.
        logger.warning("A digest of %d traces failed (%s); they are tried one by one.", len(marks), type(error).__name__)
        for trace, mark_ids in marks.items():
            _digest_alone(trace, mark_ids, now)
    return sum(map(len, marks.values()))


def _take_marks() -> Marks:
    marks: Marks = defaultdict(list)
    rows = StaleTrace.objects.waiting().order_by("id").values_list("id", "project_id", "trace_id")[:MARKS_A_BATCH]
    for mark_id, project_id, trace_id in rows:
        key = (project_id, str(trace_id))
        if key in marks or len(marks) < TRACES_A_BATCH:
            marks[key].append(mark_id)
    return marks


def _digest(marks: Marks, now: datetime) -> None:
    traces: dict[int, list[str]] = defaultdict(list)
    for project_id, trace_id in marks:
        traces[project_id].append(trace_id)
    book = PriceBook()
    derived: list[Derived] = [derive(project_id, trace_ids, book) for project_id, trace_ids in traces.items()]
    with transaction.atomic():
        fence(LEASE, now=timezone.now(), seconds=LEASE_S)
        for one in derived:
            write(one, now=now)
            tell(one.project_id, traces[one.project_id], now=now)
        StaleTrace.objects.filter(id__in=[mark_id for ids in marks.values() for mark_id in ids]).delete()
        for project_id, trace_ids in traces.items():
            # A trace that could not be digested before has been digested now, with all its facts.
            StaleTrace.objects.failed().filter(project_id=project_id, trace_id__in=trace_ids).delete()


def _digest_alone(trace: tuple[int, str], mark_ids: list[int], now: datetime) -> None:
    try:
        _digest({trace: mark_ids}, now)
    except STORE_IS_AWAY:
        raise
    except Exception as error:  # noqa: BLE001  (whatever it is, it is reported and the mark keeps it)
        reason = f"{type(error).__name__}: {error}"[:300]
        _report(trace[1], reason)
        StaleTrace.objects.filter(id__in=mark_ids).update(failures=F("failures") + 1, error=reason)


def _report(trace_id: str, reason: str) -> None:
    """Log a fault with its traceback once a process: a thousand traces may share it, and each is tried five times."""
    if reason in _reported or len(_reported) >= MAX_REPORTED:
        return
    _reported.add(reason)
    logger.exception("Trace %s cannot be digested, nor others for the same reason: see Ingest health.", trace_id)
