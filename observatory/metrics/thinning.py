"""Thinning: buckets that are older than their level is kept go, by whole buckets of the next level, which stay right.

What a coarser bucket holds of sealed finer ones can never be computed again, so it moves into a sealed row; what it holds
of open ones can, from the facts that are still there, and stays open. A stretch goes in one transaction with the move of
its horizon, and only if nothing in it waits to be recomputed: a run that is killed leaves whole stretches.
"""

import logging
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from observatory.core.leases import LeaseBusy, LeaseLost, fence, holding
from observatory.metrics import catalogue, timescale
from observatory.metrics.chunks import drop_old_chunks
from observatory.metrics.failures import noted
from observatory.metrics.horizons import horizons, is_settled, move
from observatory.metrics.levels import LEVELS, Level, first_horizons
from observatory.metrics.lift import lift_sealed
from observatory.metrics.models import Counter, Series
from observatory.metrics.owners import UNDECLARED, series_ids
from observatory.metrics.rollup.rows import delete_window, select
from observatory.metrics.rollup.run import LEASE, LEASE_S
from observatory.projects.models import Project

JOB = "thinning"
BUCKETS_A_STEP = 12  # of the next level: an hour of minutes, a year of days
WAIT_S = 20.0
logger = logging.getLogger(__name__)


def thin(*, now: datetime) -> int:
    """Delete what is too old and return how many stretches went. Projects on legal hold are left alone.

    What fails is noted (see failures.py), and does not stop the others.
    """
    done = 0
    try:
        with noted(None, JOB, "chunks"):
            done += drop_old_chunks(now=now)
        for project in Project.objects.filter(is_held=False):
            for source in (*catalogue.sources(), UNDECLARED):
                with noted(project.pk, JOB, source or "undeclared metrics"):
                    done += _thin_source(project, source, now=now)
            with noted(project.pk, JOB, "empty series"):
                _forget_empty_series(project.pk)
    except (LeaseBusy, LeaseLost):
        logger.warning("Another process rolls up; thinning goes on with the next run.")
    return done


def _thin_source(project: Project, source: str, *, now: datetime) -> int:
    if source == UNDECLARED and not series_ids(project.pk, source):
        return 0
    done = 0
    finer_until: float = float("inf")
    for number, ((level, above), until) in enumerate(zip(pairwise(LEVELS), first_horizons(now), strict=True)):
        # A coarser bucket may not go before the finer ones in it: a late fact would bring it back, and only half of it.
        target = timescale.whole_chunks(level, above.start_of(min(until, finer_until)))
        for start, end in _steps(project.pk, source, level, above, target):
            if not _thin_stretch(project.pk, source, number, start, end):
                break
            done += 1
        finer_until = target if source == UNDECLARED else horizons(project.pk, source).get(number, 0)
    return done


def _steps(project_id: int, source: str, level: Level, above: Level, target: int) -> Iterator[tuple[int, int]]:
    """Stretches of whole buckets of the next level, from the oldest row to the target; the last may hold no rows."""
    ids = series_ids(project_id, source)
    while True:
        oldest = select(level.model, ("MIN(start)",), ids, "start < %s", (target,))
        if not oldest or oldest[0][0] is None:
            break
        start = above.start_of(oldest[0][0])
        yield start, min(start + BUCKETS_A_STEP * above.seconds, target)
    if ids and source != UNDECLARED and horizons(project_id, source).get(LEVELS.index(level), -1) < target:
        yield target - above.seconds, target


def _thin_stretch(project_id: int, source: str, number: int, start: int, end: int) -> bool:
    """Delete the buckets of one stretch; False if something in it still waits, or the project was put on hold."""
    with holding(LEASE, seconds=LEASE_S, wait_s=WAIT_S), transaction.atomic():
        fence(LEASE, now=timezone.now(), seconds=LEASE_S)
        is_held = Project.objects.filter(pk=project_id, is_held=True).exists()
        if is_held or not is_settled(project_id, source, start, end):
            return False
        ids = series_ids(project_id, source)
        lift_sealed(LEVELS[number], LEVELS[number + 1], ids, start, end)
        delete_window(LEVELS[number], ids, start, end)
        if source != UNDECLARED:
            move(project_id, source, number, end)
    return True


def _forget_empty_series(project_id: int) -> None:
    """Delete series that have neither buckets nor a counter: what was once admitted by a label that never came again."""
    empty = Series.objects.filter(project_id=project_id).exclude(Exists(Counter.objects.filter(series_id=OuterRef("pk"))))
    for level in LEVELS:
        empty = empty.exclude(Exists(level.rows.filter(series_id=OuterRef("pk"))))
    if not empty.exists():
        return
    with holding(LEASE, seconds=LEASE_S, wait_s=WAIT_S), transaction.atomic():
        fence(LEASE, now=timezone.now(), seconds=LEASE_S)
        Series.objects.filter(pk__in=list(empty.values_list("pk", flat=True))).delete()
