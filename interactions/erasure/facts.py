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
from interactions.raw_data.leftovers import Gone, let_go
from interactions.retention.remove import RowsChanged, Ties, remove
from interactions.saved_views import forget_views
from observatory.core.leases import fence
from observatory.metrics import staleness
from observatory.projects.models import Project

TRACES_AT_ONCE = 100
ROWS_AT_ONCE = 1_000
MOST_TRIES = 5


def erase_facts(subject: Subject, *, now: datetime) -> None:
    """Delete the subject's traces with all their facts, and what carries the id without a trace of theirs."""
    # Also what came after the traces were looked for.
    subject.find_traces()
    subject.note_traces()
    traces = sorted(subject.traces)
    for project in subject.projects:
        for place in range(0, len(traces), TRACES_AT_ONCE):
            _erase_traces(subject, project, traces[place : place + TRACES_AT_ONCE], now)
        for kind in carriers():
            _erase_rows(subject, project, kind, now)
        _deleting(subject, partial(_forget_in_writing, subject, project))
        if subject.kind == Erasure.Kind.USER:
            user_days.forget_user(project.pk, subject.id)


def carriers() -> list[Kind]:
    """The kinds of which rows may be theirs without being in one of their traces."""
    return [kind for kind in KINDS.values() if kind.names_subjects and kind.model is not Interaction]


def _erase_traces(subject: Subject, project: Project, traces: list[str], now: datetime) -> None:
    def erase() -> None:
        interactions = Interaction.objects.filter(project=project, trace_id__in=traces)
        gone = Gone(project.pk, set(interactions.values_list("interaction_id", flat=True)), traces, is_erasure=True)
        for name, kind in KINDS.items():
            if kind.is_traced:
                rows = kind.rows.filter(project=project, trace_id__in=traces)
                subject.tally.add(name, _erase(project, kind, rows, now))
        for what, number in let_go(gone).items():
            subject.tally.add(what, number)
        StaleTrace.objects.filter(project=project, trace_id__in=traces).delete()

    _deleting(subject, erase)


def _erase_rows(subject: Subject, project: Project, kind: Kind, now: datetime) -> None:
    theirs = kind.rows.filter(subject.theirs, project=project)

    def erase() -> None:
        chosen = kind.rows.filter(id__in=list(theirs.values_list("id", flat=True)[:ROWS_AT_ONCE]))
        subject.tally.add(kind.name, _erase(project, kind, chosen, now))

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
