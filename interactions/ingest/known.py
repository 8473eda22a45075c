"""Which ids a project has already stored, with the hash of the body they came with."""

from collections.abc import Sequence

from interactions.ingest.records import EventRecord, InteractionRecord, Record, SpanRecord
from interactions.models import Event, Interaction, Origin, Span

NO_BODY = 0  # the hash that stands for an id of our own making: whatever is sent under it is a conflict
Key = tuple[str, ...]


def key_of(record: Record) -> Key:
    """Return what makes the record one and the same, within its project."""
    if isinstance(record, SpanRecord):
        return ("span", record.trace_id, record.span_id)
    if isinstance(record, InteractionRecord):
        return ("interaction", record.interaction_id.hex)
    return ("event", record.event_id)


def known_hashes(project_id: int, records: Sequence[Record]) -> dict[Key, int | None]:
    """Return `{key: body hash}` of those records whose id is stored; None where no body was hashed (OTLP)."""
    traces = {record.trace_id for record in records if isinstance(record, SpanRecord)}
    interactions = {record.interaction_id for record in records if isinstance(record, InteractionRecord)}
    events = {record.event_id for record in records if isinstance(record, EventRecord)}
    found: dict[Key, int | None] = {}
    if traces:
        rows = Span.objects.filter(project_id=project_id, trace_id__in=traces)
        stored_spans = rows.values_list("trace_id", "span_id", "body_hash")
        found |= {("span", str(trace), str(span)): known for trace, span, known in stored_spans}
    if interactions:
        stored_ones = Interaction.objects.filter(project_id=project_id, interaction_id__in=interactions)
        for one, origin, known in stored_ones.values_list("interaction_id", "origin", "body_hash"):
            found["interaction", one.hex] = known if origin == Origin.NATIVE else NO_BODY
    if events:
        stored = Event.objects.filter(project_id=project_id, event_id__in=events)
        found |= {("event", event): known for event, known in stored.values_list("event_id", "body_hash")}
    return found
