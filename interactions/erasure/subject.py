"""Whom to forget, and how their traces are found: in interactions, in notes of traces, in texts that nobody read yet."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from interactions import trace_notes
from interactions.digest.run import LEASE as DIGEST
from interactions.digest.run import LEASE_S as DIGEST_S
from interactions.digest.run import digest_batch
from interactions.erasure.tally import Tally
from interactions.models import Erasure, Interaction, Span, StaleTrace
from interactions.payloads.read import contents_of
from interactions.raw_data.lease import WAIT_S
from observatory.core.leases import fence, holding
from observatory.projects.models import Project

TRACES_AT_ONCE = 100


@dataclass(eq=False)
class Subject:
    """A user or a session in a project and in what was restored from it, and the traces that are theirs."""

    erasure: Erasure
    projects: list[Project]
    traces: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.id, self.kind, self.column = self.erasure.subject, self.erasure.kind, f"{self.erasure.kind}_id"
        self.tally = Tally(self.erasure)

    @property
    def theirs(self) -> Q:
        """Rows that carry the id. The negation is that of the partial indexes, which SQLite takes only if it is said."""
        return ~Q(**{self.column: ""}) & Q(**{self.column: self.id})

    def find_traces(self, *, most: int | None = None) -> None:
        """Add the traces that the database says are theirs; with `most`, not more by a project's interactions."""
        for project in self.projects:
            rows = Interaction.objects.for_project(project).filter(self.theirs)
            self.traces |= {str(trace_id) for trace_id in rows.values_list("trace_id", flat=True)[:most]}
            self.traces |= trace_notes.traces_of(project.pk, (self.kind, self.id))
            self.traces |= {trace_id for trace_id, found in _of_failed(project.pk) if found == (self.kind, self.id)}

    def note_traces(self) -> None:
        """Write down what was found: a killed run leaves less to find them by."""
        with transaction.atomic():
            trace_notes.note(self.projects[0].pk, ((trace_id, self.kind, self.id) for trace_id in self.traces))

    def forget_notes(self) -> None:
        """Delete every note of their traces, and of them."""
        for project in self.projects:
            trace_notes.forget(project.pk, self.traces)
            trace_notes.forget(project.pk, trace_notes.traces_of(project.pk, (self.kind, self.id)))


def _of_failed(project_id: int) -> Iterator[tuple[str, trace_notes.Subject]]:
    """Whom the spans name in traces that the digest gave up: `(trace, (kind, id))`."""
    failed = StaleTrace.objects.failed().filter(project_id=project_id).values_list("trace_id", flat=True)
    traces = sorted(set(map(str, failed)))
    for place in range(0, len(traces), TRACES_AT_ONCE):
        spans = Span.objects.filter(project_id=project_id, trace_id__in=traces[place : place + TRACES_AT_ONCE])
        blocks = set(spans.values_list("payload_id", flat=True)) - {None}
        for block_id in blocks:
            for trace_id, texts_of_spans in contents_of([block_id]).get(block_id, {}).items():
                for texts in texts_of_spans.values():
                    yield from ((trace_id, subject) for subject in trace_notes.subjects_of(texts))


def digest_backlog() -> None:
    """Digest all that waits by now: only a digest knows whose a trace is. LeaseBusy if another process is long at it."""
    last = StaleTrace.objects.waiting().order_by("-id").values_list("id", flat=True).first()
    if last is None:
        return
    with holding(DIGEST, seconds=DIGEST_S, wait_s=WAIT_S):
        while StaleTrace.objects.waiting().filter(id__lte=last).exists():
            fence(DIGEST, now=timezone.now(), seconds=DIGEST_S)
            digest_batch(now=timezone.now())
