"""The facts of a user or a session in the database, with their texts, words and marks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from interactions.digest import user_days
from interactions.digest.run import LEASE as DIGEST
from interactions.digest.run import LEASE_S as DIGEST_S
from interactions.erasure.tally import Tally
from interactions.models import Interaction, StaleTrace
from interactions.retention.kinds import KINDS, Kind
from interactions.retention.lease import renew
from interactions.retention.remove import remove
from observatory.core.leases import fence
from observatory.metrics import staleness
from observatory.projects.models import Project

TRACES_AT_ONCE = 100
EVENTS_AT_ONCE = 1_000


@dataclass
class Subject:
    """Whom to forget in a project, and the traces that were theirs."""

    project: Project
    kind: str  # "user" or "session"
    id: str
    traces: set[str] = field(default_factory=set)

    @property
    def column(self) -> str:
        return f"{self.kind}_id"

    def find_traces(self) -> None:
        rows = Interaction.objects.for_project(self.project).filter(**{self.column: self.id})
        self.traces |= {str(trace_id) for trace_id in rows.values_list("trace_id", flat=True)}


def erase_facts(subject: Subject, tally: Tally, *, now: datetime) -> None:
    """Delete the subject's traces with all their facts, and their events."""
    # Also interactions that came after the traces were looked for.
    subject.find_traces()
    traces = sorted(subject.traces)
    for place in range(0, len(traces), TRACES_AT_ONCE):
        some = traces[place : place + TRACES_AT_ONCE]
        with transaction.atomic():
            fence(DIGEST, now=timezone.now(), seconds=DIGEST_S)
            renew()
            for name in ("spans", "interactions", "events"):
                rows = KINDS[name].rows.filter(project=subject.project, trace_id__in=some)
                tally.add(name, _erase(subject, KINDS[name], rows, now))
            StaleTrace.objects.filter(project=subject.project, trace_id__in=some).delete()
    _erase_events(subject, tally, now)
    if subject.kind == "user":
        user_days.forget_user(subject.project.pk, subject.id)


def _erase_events(subject: Subject, tally: Tally, now: datetime) -> None:
    events = KINDS["events"]
    theirs = Q(project=subject.project, **{subject.column: subject.id})
    while ids := list(events.rows.filter(theirs).values_list("id", flat=True)[:EVENTS_AT_ONCE]):
        with transaction.atomic():
            fence(DIGEST, now=timezone.now(), seconds=DIGEST_S)
            tally.add("events", _erase(subject, events, events.rows.filter(id__in=ids), now))


def _erase(subject: Subject, kind: Kind, chosen: QuerySet, now: datetime) -> int:
    rows: Sequence[tuple[Any, ...]] = list(chosen.values_list(*kind.columns))
    if rows:
        remove(subject.project.pk, kind, chosen, rows)
        staleness.mark([(subject.project.pk, kind.source, row[0].timestamp()) for row in rows], now=now)
        if kind.model is Interaction:
            place = kind.columns.index("user_id")
            user_days.mark(subject.project.pk, [(row[place], row[0]) for row in rows])
    return len(rows)
