"""Thinning by whole chunks, where TimescaleDB cuts the buckets into them: a drop costs the same for any number of rows."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from observatory.core.leases import fence, holding
from observatory.metrics import timescale
from observatory.metrics.horizons import horizons, is_settled, move
from observatory.metrics.levels import LEVELS, first_horizons
from observatory.metrics.lift import lift_sealed
from observatory.metrics.owners import UNDECLARED, series_by_owner
from observatory.metrics.rollup.run import LEASE, LEASE_S
from observatory.projects.models import Project

SERIES_AT_ONCE = 200
WAIT_S = 20.0


def drop_old_chunks(*, now: datetime) -> int:
    """Drop the chunks that are too old for every project, and return how many went.

    A chunk stays if a project is on legal hold or something in it still waits; its other rows then go by rows.
    """
    done = 0
    for number, until in enumerate(first_horizons(now)):
        for start, end in timescale.chunks_before(LEVELS[number], until):
            if not _drop(number, start, end):
                break
            done += 1
    # Samples are facts: retention deletes their rows, project by project.
    return done + timescale.drop_empty(timescale.SAMPLES)


def _drop(number: int, start: int, end: int) -> bool:
    """As thinning a stretch does, for all projects and sources at once and in one transaction."""
    with holding(LEASE, seconds=LEASE_S, wait_s=WAIT_S), transaction.atomic():
        fence(LEASE, now=timezone.now(), seconds=LEASE_S)
        series = series_by_owner()
        if Project.objects.filter(is_held=True).exists():
            return False
        if not all(_may_go(project_id, source, number, start, end) for project_id, source in series if source != UNDECLARED):
            return False
        for ids in series.values():
            for place in range(0, len(ids), SERIES_AT_ONCE):
                lift_sealed(LEVELS[number], LEVELS[number + 1], ids[place : place + SERIES_AT_ONCE], start, end)
        for project_id, source in series:
            if source != UNDECLARED:
                move(project_id, source, number, end)
        # Last, since it locks the table of series, to which every chunk has a foreign key, until the commit.
        timescale.drop_before(LEVELS[number], end)
    return True


def _may_go(project_id: int, source: str, number: int, start: int, end: int) -> bool:
    """Nothing waits, and the finer buckets went before: a late fact would bring back only half of a coarser one."""
    if number and horizons(project_id, source).get(number - 1, 0) < end:
        return False
    return is_settled(project_id, source, start, end)
