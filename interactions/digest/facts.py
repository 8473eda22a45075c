"""The facts of some traces, read in bulk."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from interactions.digest.span_rows import SpanRow, load_span_rows
from interactions.ingest.otlp.message_events import exchange_of_records
from interactions.ingest.plan import MESSAGE_EVENTS
from interactions.ingest.said import span_in
from interactions.models import Event, Interaction, Origin
from interactions.payloads.read import contents_of
from interactions.trace_notes import cut_traces


@dataclass(slots=True)
class SpanFact:
    """A span with its texts (see SpanRecord for their keys)."""

    row: SpanRow
    texts: dict[str, Any]


@dataclass(slots=True)
class TraceFacts:
    """`is_cut`: some of the facts were deleted for their age, so an interaction cannot be assembled again."""

    trace_id: str
    is_cut: bool = False
    spans: list[SpanFact] = field(default_factory=list)
    natives: list[Interaction] = field(default_factory=list)
    native_texts: dict[int, dict[str, Any]] = field(default_factory=dict)


def load_traces(
    project_id: int, trace_ids: Iterable[str], natives: Sequence[Interaction] | None = None
) -> dict[str, TraceFacts]:
    """Return the facts of the traces, spans in order of their start. Eight statements at most, whatever the number.

    `natives` are all native interactions of the traces, where somebody has read them before.
    """
    found = {trace_id: TraceFacts(trace_id) for trace_id in trace_ids}
    rows = load_span_rows(project_id, found)
    if natives is None:
        own = Interaction.objects.for_project(project_id)
        natives = list(own.filter(trace_id__in=list(found), origin=Origin.NATIVE))
    blocks = {row.payload_id for row in rows} | {native.payload_id for native in natives}
    contents: dict[Any, dict[str, Any]] = contents_of(block for block in blocks if block is not None)
    for row in sorted(rows, key=lambda row: (row.started_at, row.span_id)):
        texts = contents.get(row.payload_id, {}).get(row.trace_id, {}).get(row.span_id, {})
        found[row.trace_id].spans.append(SpanFact(row, texts))
    for native in natives:
        facts = found[native.trace_id]
        facts.natives.append(native)
        facts.native_texts[native.pk] = contents.get(native.payload_id, {}).get(native.interaction_id.hex, {})
    _join_messages(project_id, found)
    for trace_id in cut_traces(project_id, found):
        found[trace_id].is_cut = True
    return found


def _join_messages(project_id: int, traces: dict[str, TraceFacts]) -> None:
    """Give spans the messages that their client sent as log events instead of attributes."""
    events = Event.objects.filter(project_id=project_id, trace_id__in=list(traces), type__startswith=MESSAGE_EVENTS)
    records: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    # Sorted here: asked for in order, SQLite would go through all events of the project by their time.
    rows = sorted(events.values_list("occurred_at", "id", "trace_id", "data"), key=lambda row: row[:2])
    for _, _, trace_id, data in rows:
        records[str(trace_id), span_in(data)].append(data)
    if not records:
        return
    for trace in traces.values():
        for span in trace.spans:
            exchange = exchange_of_records(records.get((trace.trace_id, span.row.span_id), ()))
            for side, messages in (("input", exchange.input), ("output", exchange.output)):
                if messages and not span.texts.get(side):
                    span.texts[side] = messages
