"""The facts of a user or a session in the database, with their texts, words and marks."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from interactions.digest import user_days
from interactions.digest.run import LEASE as DIGEST
from interactions.digest.run import LEASE_S as DIGEST_S
from interactions.erasure.forgetters import forgetters
from interactions.erasure.holds import refuse_if_held
from interactions.erasure.subject import Subject
from interactions.models import Erasure, Interaction, StaleTrace
from interactions.raw_data.kinds import KINDS, Kind
from interactions.raw_data.lease import renew
from interactions.retention.remove import RowsChanged, Ties, remove
from interactions.saved_views import forget_views
from observatory.core.leases import fence
from observatory.metrics import staleness
from observatory.projects.models import Project

TRACES_AT_ONCE = 100
EVENTS_AT_ONCE = 1_000
MOST_TRIES = 5


def erase_facts(subject: Subject, *, now: datetime) -> None:
    """Delete the subject's traces with all their facts, and their events."""
    # Also what came after the traces were looked for.
    subject.find_traces()
    subject.note_traces()
    traces = sorted(subject.traces)
    for project in subject.projects:
        for place in range(0, len(traces), TRACES_AT_ONCE):
            _erase_traces(subject, project, traces[place : place + TRACES_AT_ONCE], now)
        _erase_events(subject, project, now)
        _deleting(subject, partial(_forget_in_writing, subject, project))
        if subject.kind == Erasure.Kind.USER:
            user_days.forget_user(project.pk, subject.id)


def _erase_traces(subject: Subject, project: Project, traces: list[str], now: datetime) -> None:
    def erase() -> None:
        for name in ("spans", "interactions", "events"):
            rows = KINDS[name].rows.filter(project=project, trace_id__in=traces)
            subject.tally.add(name, _erase(project, KINDS[name], rows, now))
        StaleTrace.objects.filter(project=project, trace_id__in=traces).delete()

    _deleting(subject, erase)


def _erase_events(subject: Subject, project: Project, now: datetime) -> None:
    events = KINDS["events"]
    theirs = events.rows.filter(subject.theirs, project=project)

    def erase() -> None:
        chosen = events.rows.filter(id__in=list(theirs.values_list("id", flat=True)[:EVENTS_AT_ONCE]))
        subject.tally.add("events", _erase(project, events, chosen, now))

    while theirs.exists():
        _deleting(subject, erase)


def _forget_in_writing(subject: Subject, project: Project) -> None:
    """What operators keep may have the id in its filters or its name."""
    subject.tally.add("saved views", forget_views(project.pk, subject.column, subject.id))
    for what, one in forgetters().items():
        subject.tally.add(what, one.forget(project.pk, subject.column, subject.id))


def _deleting(subject: Subject, erase: Callable[[], None]) -> None:
    """Erase in one transaction, and look again where rows came or went meanwhile."""
    for tries_left in reversed(range(MOST_TRIES)):
        try:
            with transaction.atomic():
                fence(DIGEST, now=timezone.now(), seconds=DIGEST_S)
                renew()
                refuse_if_held(subject.projects)
                subject.tally.erasure.refresh_from_db(fields=["counts"])
                erase()
                return
        except RowsChanged:
            if not tries_left:
                raise


def _erase(project: Project, kind: Kind, chosen: QuerySet, now: datetime) -> int:
    ties = Ties(kind)
    rows = list(ties.watch(chosen.values_list(*kind.columns)))
    if rows:
        remove(project.pk, chosen, ties)
        staleness.mark([(project.pk, kind.source, row[0].timestamp()) for row in rows], now=now)
    if kind.model is Interaction:
        place = kind.columns.index("user_id")
        user_days.mark(project.pk, [(row[place], row[0]) for row in rows])
    return len(rows)
