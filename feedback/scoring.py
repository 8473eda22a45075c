"""What follows a digest: scores that waited for their answers are tied to them, and every answer gets its estimate.

Read and compute, then write and clear the marks in one short transaction: killed anywhere, the next run does it again.
"""

import logging
import time
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from math import inf
from operator import itemgetter
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from feedback import scores, waiting
from feedback.held import held
from feedback.models import Score, Source, UnscoredTrace
from feedback.quality.estimates import estimates
from feedback.quality.exchanges import Exchange, exchanges_of_traces
from feedback.scores import Verdict
from interactions.trace_marks import Marks, by_project, clear, gathered, work_off
from observatory.core.leases import LeaseLost, acquire, fence, release

LEASE, LEASE_S = "scoring", 60
MARKS_OF_AN_END = 50  # so a batch has a hundred at most
logger = logging.getLogger(__name__)


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
    """Score up to a hundred traces, under the lease, and return how many marks were handled.

    From both ends: what has just come does not wait until a backlog is worked off, nor the oldest for ever.
    """
    rows = UnscoredTrace.objects.waiting().values_list("id", "project_id", "trace_id")
    ends = {*rows.order_by("id")[:MARKS_OF_AN_END], *rows.order_by("-id")[:MARKS_OF_AN_END]}
    return work_off(UnscoredTrace, gathered(sorted(ends, key=itemgetter(0))), _score, name="scoring", now=now)


def _score(marks: Marks, now: datetime) -> None:
    found = {project_id: exchanges_of_traces(project_id, traces) for project_id, traces in by_project(marks).items()}
    computed = {project_id: estimates(project_id, exchanges) for project_id, exchanges in found.items()}
    with transaction.atomic():
        fence(LEASE, now=timezone.now(), seconds=LEASE_S)
        for project_id, exchanges in found.items():
            _write(project_id, exchanges, computed[project_id], now)
        clear(UnscoredTrace, marks)


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
