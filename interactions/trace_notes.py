"""Notes of traces: whose they are where no interaction says so, and which of them lost facts for their age."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from interactions.ingest.otlp.readers import SCRUBBED
from interactions.models import Event, Interaction, Span, TraceNote

TRACES_AT_ONCE = 1_000
SUBJECTS = {TraceNote.Kind.USER.value: "user_id", TraceNote.Kind.SESSION.value: "session_id"}
MAX_CHARS = 128

Subject = tuple[str, str]  # (kind, id)


def subjects_of(texts: Mapping[str, Any]) -> Iterator[Subject]:
    """The user and the session that the texts of a span name, as their interaction would keep them."""
    for kind, name in SUBJECTS.items():
        value = texts.get(name)
        if value and isinstance(value, str) and not value.startswith(SCRUBBED):
            yield kind, value[:MAX_CHARS]


def note(project_id: int, subjects: Iterable[tuple[str, str, str]]) -> None:
    """Note `(trace, kind, id)`; what is noted already stays."""
    rows = [
        TraceNote(project_id=project_id, kind=kind, subject=subject, trace_id=trace_id)
        for trace_id, kind, subject in sorted(set(subjects))
    ]
    TraceNote.objects.bulk_create(rows, batch_size=TRACES_AT_ONCE, ignore_conflicts=True)


def traces_of(project_id: int, subject: Subject) -> set[str]:
    """The traces that are noted as a subject's."""
    kind, name = subject
    rows = TraceNote.objects.filter(project_id=project_id, kind=kind, subject=name)
    return {str(trace_id) for trace_id in rows.values_list("trace_id", flat=True)}


def cut_traces(project_id: int, trace_ids: Collection[str]) -> set[str]:
    """Those of the traces that lost facts: what was derived of them cannot be computed again."""
    rows = TraceNote.objects.filter(project_id=project_id, trace_id__in=list(trace_ids), kind=TraceNote.Kind.CUT)
    return {str(trace_id) for trace_id in rows.values_list("trace_id", flat=True)}


def note_cut(project_id: int, trace_ids: Collection[str]) -> set[str]:
    """Of traces whose facts were just deleted for their age note those that have others; forget and return the rest."""
    lone: set[str] = set()
    for some in chunks(trace_ids):
        derivable = _among(Span, project_id, some) | _among(Interaction, project_id, some)
        note(project_id, ((trace_id, TraceNote.Kind.CUT.value, "") for trace_id in derivable))
        lone |= set(some) - derivable - _among(Event, project_id, some)
    forget(project_id, lone)
    return lone


def note_subjects(project_id: int, subjects: Iterable[tuple[str, str, str]]) -> None:
    """Note `(trace, kind, id)` of interactions that were just deleted, where the traces still have facts."""
    of_traces: dict[str, list[tuple[str, str, str]]] = {}
    for one in subjects:
        of_traces.setdefault(one[0], []).append(one)
    for some in chunks(of_traces):
        left = _among(Span, project_id, some) | _among(Event, project_id, some)
        note(project_id, (one for trace_id in left for one in of_traces[trace_id]))


def forget(project_id: int, trace_ids: Collection[str]) -> None:
    """Delete the notes of traces that are no more."""
    for some in chunks(trace_ids):
        TraceNote.objects.filter(project_id=project_id, trace_id__in=some).delete()


def chunks(trace_ids: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(trace_ids)
    for place in range(0, len(ordered), TRACES_AT_ONCE):
        yield ordered[place : place + TRACES_AT_ONCE]


def _among(model: Any, project_id: int, trace_ids: list[str]) -> set[str]:
    """Those of the traces that have rows of a model."""
    rows = model.objects.filter(project_id=project_id, trace_id__in=trace_ids)
    return {str(trace_id) for trace_id in rows.values_list("trace_id", flat=True).distinct()}
