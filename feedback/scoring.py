"""What follows a digest: scores that waited for their answers are tied to them, and every answer gets its estimate.

Read and compute, then write and clear the marks in one short transaction: killed anywhere, the next run does it again.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from math import inf
from operator import itemgetter
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from feedback import scores, waiting
from feedback.held import held
from feedback.models import Score, Source, UnscoredTrace
from feedback.quality.estimates import estimates
from feedback.quality.exchanges import Exchange, exchanges_of_traces
from feedback.scores import Verdict
from observatory.core.leases import LeaseLost, acquire, fence, release

LEASE, LEASE_S = "scoring", 60
MARKS_OF_AN_END = 50  # so a batch has a hundred at most
STORE_IS_AWAY = (LeaseLost, OperationalError, InterfaceError)
MAX_REPORTED = 100
_reported: set[str] = set()
logger = logging.getLogger(__name__)

Marks = Mapping[tuple[int, str], list[int]]  # (project, trace) -> ids of its marks


def score_waiting(*, seconds: float = inf) -> int:
    """Work on what waits for so long at most, and return how many marks were handled; 0 if another process is at it."""
    if not acquire(LEASE, now=timezone.now(), seconds=LEASE_S):
        return 0
    until, handled = time.monotonic() + seconds, 0
    try:
        while time.monotonic() < until and (batch := score_batch(now=timezone.now())):
            handled += batch
    except LeaseLost:
        logger.warning("Scoring took longer than its lease; another process goes on.")
    finally:
        release(LEASE)
    return handled


def score_batch(*, now: datetime) -> int:
    """Score up to a hundred traces, under the lease, and return how many marks were handled."""
    marks = _take_marks()
    if not marks:
        return 0
    try:
        _score(marks, now)
    except STORE_IS_AWAY:
        raise  # no trace is to blame; the marks stay, and the next look finds them
    except Exception as error:  # noqa: BLE001  (each trace is tried by itself, and the guilty one is reported there)
        logger.warning("Scoring %d traces failed (%s); they are tried one by one.", len(marks), type(error).__name__)
        for trace, mark_ids in marks.items():
            _score_alone(trace, mark_ids, now)
    return sum(map(len, marks.values()))


def _take_marks() -> Marks:
    """From both ends: what has just come does not wait until a backlog is worked off, nor the oldest for ever."""
    marks: dict[tuple[int, str], list[int]] = defaultdict(list)
    rows = UnscoredTrace.objects.waiting().values_list("id", "project_id", "trace_id")
    ends = {*rows.order_by("id")[:MARKS_OF_AN_END], *rows.order_by("-id")[:MARKS_OF_AN_END]}
    for mark_id, project_id, trace_id in sorted(ends, key=itemgetter(0)):
        marks[project_id, str(trace_id)].append(mark_id)
    return marks


def _score(marks: Marks, now: datetime) -> None:
    traces: dict[int, list[str]] = defaultdict(list)
    for project_id, trace_id in marks:
        traces[project_id].append(trace_id)
    found = {project_id: exchanges_of_traces(project_id, trace_ids) for project_id, trace_ids in traces.items()}
    computed = {project_id: estimates(project_id, exchanges) for project_id, exchanges in found.items()}
    with transaction.atomic():
        fence(LEASE, now=timezone.now(), seconds=LEASE_S)
        for project_id, trace_ids in traces.items():
            _write(project_id, found[project_id], computed[project_id], now)
            # A trace that could not be scored before has been scored now.
            UnscoredTrace.objects.failed().filter(project_id=project_id, trace_id__in=trace_ids).delete()
        UnscoredTrace.objects.filter(id__in=[mark_id for ids in marks.values() for mark_id in ids]).delete()


def _write(project_id: int, exchanges: Sequence[Exchange], verdicts: Sequence[Verdict], now: datetime) -> None:
    """An answer that was erased meanwhile gets no score; the next erasure waits for this."""
    here = held(project_id, [one.id for one in exchanges])
    waiting.tie(project_id, [one.interaction for one in exchanges if one.id in here], now=now)
    kept = [one for one in verdicts if one.interaction_id in here]
    scores.write(project_id, kept, now=now)
    for (name, version), some in groupby(sorted(kept, key=_method), _method):
        _drop_other_versions(project_id, name, version, [one.interaction_id for one in some], now)


def _method(verdict: Verdict) -> tuple[str, str]:
    return verdict.name, verdict.version


def _drop_other_versions(project_id: int, name: str, version: str, ids: Sequence[UUID | None], now: datetime) -> None:
    """An answer has one estimate, that of the method as it is now."""
    rows = Score.objects.for_project(project_id).of(Source.ESTIMATE).filter(interaction_id__in=ids, name=name)
    if (others := rows.exclude(version=version)).exists():
        scores.delete(project_id, others, now=now)


def _score_alone(trace: tuple[int, str], mark_ids: list[int], now: datetime) -> None:
    try:
        _score({trace: mark_ids}, now)
    except STORE_IS_AWAY:
        raise
    except Exception as error:  # noqa: BLE001  (whatever it is, it is reported and the mark keeps it)
        reason = f"{type(error).__name__}: {error}"[:300]
        _report(trace[1], reason)
        UnscoredTrace.objects.filter(id__in=mark_ids).update(failures=F("failures") + 1, error=reason)


def _report(trace_id: str, reason: str) -> None:
    """Log a fault with its traceback once a process: many traces may share it, and each is tried five times."""
    if reason in _reported or len(_reported) >= MAX_REPORTED:
        return
    _reported.add(reason)
    logger.exception("The answers of trace %s cannot be scored, nor others for the same reason.", trace_id)
