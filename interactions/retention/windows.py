"""One window of facts: deleted as a whole, in one transaction with the sealing of what was made of it, or not at all."""

from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from interactions.models import StaleTrace
from interactions.retention.kinds import KINDS, Kind
from interactions.retention.lease import renew
from interactions.retention.prints import Print, print_of
from interactions.retention.remove import RowsChanged, remove
from observatory.core.leases import fence, holding
from observatory.metrics import catalogue
from observatory.metrics.horizons import finest_left, horizons, is_settled, move
from observatory.metrics.models import Horizon, Series
from observatory.metrics.rollup.rows import seal
from observatory.metrics.rollup.run import LEASE, LEASE_S
from observatory.projects.models import Project

WAIT_S = 20.0
TRACED = ("spans", "interactions", "events")


def delete_window(project_id: int, kind: Kind, start: int, end: int, expected: Print) -> bool:
    """Delete the facts of [start, end), a bucket of the finest level that is left there, if they are as expected.

    False if they are not, if something of them still waits to be digested or rolled up, or the project is on hold.
    """
    begin, until = datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)
    try:
        with holding(LEASE, seconds=LEASE_S, wait_s=WAIT_S), transaction.atomic():
            fence(LEASE, now=timezone.now(), seconds=LEASE_S)
            renew()
            if not may_delete(project_id, kind, start, end):
                return False
            chosen = kind.between(project_id, begin, until)
            rows = list(chosen.values_list(*kind.columns))
            if print_of(rows) != expected:
                return False
            level = finest_left(start, horizons(project_id, kind.source))
            if level.seconds != end - start:
                return False  # thinning came between
            seal(level, _series_ids(project_id, kind.source), start, end)
            remove(project_id, kind, chosen, rows)
            move(project_id, kind.source, Horizon.FACTS, end)
    except RowsChanged:
        return False
    return True


def may_delete(project_id: int, kind: Kind, start: int, end: int) -> bool:
    """Whether nobody holds the project, and every number that these facts give has been computed and committed."""
    if Project.objects.filter(pk=project_id, is_held=True).exists():
        return False
    return is_settled(project_id, kind.source, start, end) and not _has_stale_traces(project_id, start, end)


def _has_stale_traces(project_id: int, start: int, end: int) -> bool:
    """Whether a trace with a fact in the window waits for its digest, which would read all of its facts."""
    waiting = StaleTrace.objects.waiting().filter(project_id=project_id)
    if not waiting.exists():
        return False
    begin, until = datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)
    touching = Q()
    for name in TRACED:
        touching |= Q(Exists(KINDS[name].between(project_id, begin, until).filter(trace_id=OuterRef("trace_id"))))
    return waiting.filter(touching).exists()


def _series_ids(project_id: int, source: str) -> list[int]:
    names = [metric.name for metric in catalogue.sources()[source][1]]
    return list(Series.objects.filter(project_id=project_id, metric__in=names).values_list("id", flat=True))
