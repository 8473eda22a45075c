"""One window of facts: deleted as a whole, in one transaction with the sealing of what was made of it, or not at all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from interactions.models import StaleTrace
from interactions.raw_data.kinds import KINDS, ROWS_A_FETCH, Kind
from interactions.raw_data.lease import renew
from interactions.raw_data.leftovers import Gone, let_go
from interactions.raw_data.prints import Print, print_of
from interactions.retention.remove import RowsChanged, Ties, remove
from interactions.trace_notes import chunks, note_cut, note_subjects
from observatory.core.leases import fence, holding
from observatory.core.moments import moment_of
from observatory.metrics.horizons import finest_left, horizons, is_settled, levels_left, move
from observatory.metrics.models import Horizon
from observatory.metrics.owners import series_ids
from observatory.metrics.rollup.rows import seal
from observatory.metrics.rollup.run import LEASE, LEASE_S
from observatory.projects.models import Project

WAIT_S = 20.0
TRACED = ("spans", "events", "interactions")


@dataclass(frozen=True, slots=True)
class Window:
    """[start, end) is a bucket of the finest level that is left there (Unix seconds), with facts.

    From `first` to `last` there are buckets only: facts were folded into rows of other minutes, or none were there. They
    are sealed with the window, or the next rebuild would compute them from facts that are gone.
    """

    start: int
    end: int
    first: int
    last: int


def windows(project_id: int, source: str, minutes: Iterable[int], start: int, end: int) -> list[Window]:
    """The windows of [start, end) in which these minutes lie; together they reach from the start to the end."""
    until = horizons(project_id, source)
    levels = {minute: finest_left(minute, until) for minute in minutes}
    found = sorted({(begin := level.start_of(minute), begin + level.seconds) for minute, level in levels.items()})
    edges = [start, *(until for _, until in found)]
    return [Window(*one, edges[place], end if one == found[-1] else one[1]) for place, one in enumerate(found)]


def delete_window(project_id: int, kind: Kind, window: Window, expected: Print) -> bool:
    """Delete the facts of a window if they are as expected.

    False if they are not, if something of them still waits to be digested or rolled up, or the project is on hold. They
    are read before the transaction: under the lease of the roll-up every change of theirs leaves a mark that stays.
    """
    begin, until = moment_of(window.start), moment_of(window.end)
    try:
        with holding(LEASE, seconds=LEASE_S, wait_s=WAIT_S):
            if not may_delete(project_id, kind, window.first, window.last):
                return False
            ties = Ties(kind)
            rows = kind.between(project_id, begin, until).values_list(*kind.columns).iterator(ROWS_A_FETCH)
            if print_of(ties.watch(_renewing(rows))) != expected:
                return False
            return _delete(project_id, kind, window, ties)
    except RowsChanged:
        return False


def _renewing(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Keep the leases while rows are read."""
    for number, row in enumerate(rows):
        if number % ROWS_A_FETCH == 0:
            fence(LEASE, now=timezone.now(), seconds=LEASE_S)
            renew()
        yield row


def _delete(project_id: int, kind: Kind, window: Window, ties: Ties) -> bool:
    begin, until = moment_of(window.start), moment_of(window.end)
    with transaction.atomic():
        fence(LEASE, now=timezone.now(), seconds=LEASE_S)
        renew()
        if not may_delete(project_id, kind, window.first, window.last):
            return False
        if finest_left(window.start, horizons(project_id, kind.source)).seconds != window.end - window.start:
            return False  # thinning came between
        first, last = _without_facts_around(project_id, kind, window)
        _seal(project_id, kind.source, first, last)
        remove(project_id, kind.between(project_id, begin, until), ties)
        if kind.name in TRACED:
            _note(project_id, ties)
        let_go(Gone(project_id, ties.interactions, ties.traces if ties.interactions else ()))
        move(project_id, kind.source, Horizon.FACTS, last)
    return True


def _without_facts_around(project_id: int, kind: Kind, window: Window) -> tuple[int, int]:
    """From where to where to seal: a fact that came late beside the window must find its bucket open."""
    moments = [moment_of(at) for at in (window.first, window.start, window.end, window.last)]
    beside = (kind.between(project_id, *moments[:2]), kind.between(project_id, *moments[2:]))
    if any(rows.exists() for rows in beside):
        return window.start, window.end
    return window.first, window.last


def _seal(project_id: int, source: str, first: int, last: int) -> None:
    ids = series_ids(project_id, source)
    for level, start, end in levels_left(first, last, horizons(project_id, source)):
        seal(level, ids, start, end)


def _note(project_id: int, ties: Ties) -> None:
    """Let the digest know what lost facts, and erasure whose it was."""
    lone = note_cut(project_id, ties.traces)
    for some in chunks(lone):
        StaleTrace.objects.failed().filter(project_id=project_id, trace_id__in=some).delete()
    note_subjects(project_id, (one for one in ties.subjects if one[0] not in lone))


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
    begin, until = moment_of(start), moment_of(end)
    touching = Q()
    for name in TRACED:
        touching |= Q(Exists(KINDS[name].between(project_id, begin, until).filter(trace_id=OuterRef("trace_id"))))
    return waiting.filter(touching).exists()
