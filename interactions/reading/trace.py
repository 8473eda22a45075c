"""A whole trace: its spans with texts, the native interactions in it, its events and totals."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from interactions.digest.assemble import Assembled, assemble, counted_calls, token_totals
from interactions.digest.facts import SpanFact, TraceFacts, load_traces
from interactions.models import Event, Interaction, Kind, Origin
from interactions.models.fields import TOKENS
from interactions.reading.costs import is_unpriced, whole_cost
from interactions.reading.events import event_dict, events_of_trace
from interactions.reading.opinions import Opinion, opinion_dict, opinions_of
from interactions.reading.rows import row_of, status_word

MAX_EVENTS = 500
INTERACTION_FIELDS = (
    "model_version prompt_name prompt_version experiment arm final_decision error_type retrieval_ms generation_ms "
    "time_to_first_token_ms citations_count"
).split()
SPAN_TEXTS = (
    "input output documents error prompt_name prompt_version session_id user_id metadata attributes events resource scope"
).split()


@dataclass
class Trace:
    """What is known of a trace: a span, an interaction (its rows in the list) or an event at least."""

    trace_id: str
    spans: list[SpanFact]
    interactions: list[Interaction]
    native_texts: dict[int, dict[str, Any]]
    events: list[Event] = field(default_factory=list)
    assembled: Assembled | None = None
    opinions: Mapping[UUID, Sequence[Opinion]] = field(default_factory=dict)
    is_cut: bool = False

    @property
    def native(self) -> Interaction | None:
        """The native interaction that speaks for the trace, the first where there are several."""
        return next((one for one in self.interactions if one.pk in self.native_texts), None)

    @property
    def is_root_missing(self) -> bool:
        """Whether the trace is told by spans of which none is the root: it has not arrived. What was deleted had."""
        if self.assembled is None or self.native is not None or self.is_cut:
            return False
        return self.assembled.is_root_missing


def find_trace(project_id: int, trace_id: str) -> Trace | None:
    """Return the trace as it is stored at this moment, digested or not; None if the project has no such trace."""
    # Sorted here: asked for in order, SQLite would go through all interactions of the project by their time.
    of_trace = Interaction.objects.for_project(project_id).filter(trace_id=trace_id)
    interactions = sorted(of_trace, key=lambda one: (one.asked_at, one.pk))
    natives = [one for one in interactions if one.origin == Origin.NATIVE]
    facts: TraceFacts = load_traces(project_id, [trace_id], natives)[trace_id]
    events = events_of_trace(project_id, trace_id, MAX_EVENTS)
    if not (facts.spans or interactions or events):
        return None
    costs = {span.row.span_id: span.row.cost_usd for span in facts.spans if span.row.cost_usd is not None}
    assembled = assemble(facts.spans, costs) if facts.spans else None
    opinions = opinions_of(project_id, [one.interaction_id for one in interactions])
    return Trace(trace_id, facts.spans, interactions, facts.native_texts, events, assembled, opinions, facts.is_cut)


def trace_dict(trace: Trace) -> dict[str, Any]:
    """Return the trace as the API answers it."""
    values = trace.assembled.values if trace.assembled else {}
    native = trace.native

    def either(name: str) -> Any:
        return (getattr(native, name) if native else None) or values.get(name) or None

    return {
        "trace_id": trace.trace_id,
        "name": either("name"),
        "session_id": either("session_id"),
        "user_id": either("user_id"),
        "environment": either("environment"),
        "release": either("release"),
        "tags": either("tags") or [],
        "model_version": native.model_version or None if native else None,
        "final_decision": native.final_decision or None if native else None,
        "status": status_word(native.is_error if native else bool(values.get("is_error"))),
        "is_root_missing": trace.is_root_missing,
        "started_at": native.asked_at if native and not trace.spans else values.get("asked_at"),
        "latency_ms": values.get("latency_ms") if native is None or native.latency_ms is None else native.latency_ms,
        "interactions": [interaction_dict(trace, one) for one in trace.interactions],
        "spans": [span_dict(span) for span in trace.spans],
        "events": [event_dict(event) for event in trace.events],
        "totals": totals_of(trace),
    }


def interaction_dict(trace: Trace, interaction: Interaction) -> dict[str, Any]:
    """An interaction with its whole texts: its own if it was sent natively, else those of the spans."""
    found = row_of(interaction) | {name: getattr(interaction, name) or None for name in INTERACTION_FIELDS}
    found["scores"] = [opinion_dict(one) for one in trace.opinions.get(interaction.interaction_id, ())]
    texts = trace.native_texts.get(interaction.pk)
    if texts is None:
        texts = _texts_of_spans(trace, interaction)
    found |= {name: texts.get(name) or None for name in ("query", "answer", "metadata", "error")}
    return found | {"passages": texts.get("passages") or [], "attributes": texts.get("attributes") or {}}


def _texts_of_spans(trace: Trace, interaction: Interaction) -> dict[str, Any]:
    """The texts of an interaction that was assembled; spans keep their own metadata and attributes."""
    texts: dict[str, Any] = {"passages": passages_of(trace)}
    if trace.assembled is None:
        return texts
    texts |= {"query": trace.assembled.query, "answer": trace.assembled.answer}
    return texts | ({"error": trace.assembled.error} if interaction.is_error else {})


def passages_of(trace: Trace) -> list[dict[str, Any]]:
    """The documents that retrieval found; those of the last reranker, where there is one."""
    for kind in (Kind.RERANKER, Kind.RETRIEVER):
        found = [span.texts["documents"] for span in trace.spans if span.row.kind == kind and span.texts.get("documents")]
        if found:
            return found[-1] if kind == Kind.RERANKER else [document for documents in found for document in documents]
    return []


def span_dict(span: SpanFact) -> dict[str, Any]:
    row = span.row
    found = {
        "span_id": row.span_id,
        "parent_span_id": row.parent_span_id,
        "name": row.name,
        "kind": Kind(row.kind).label,
        "started_at": row.started_at,
        "duration_ms": row.duration_ms,
        "time_to_first_token_ms": row.time_to_first_token_ms,
        "status": status_word(row.is_error),
        "model": row.model or None,
        "provider": row.provider or None,
        **{name: getattr(row, name) for name in TOKENS},
        "cost_usd": row.cost_usd,
    }
    found |= {name: span.texts.get(name) for name in SPAN_TEXTS}
    found["documents"] = found["documents"] or []
    found["attributes"] = found["attributes"] or {}
    return found


def totals_of(trace: Trace) -> dict[str, Any]:
    """Tokens of LLM calls, each counted once; the cost, where all of it is known; spans by kind."""
    calls = counted_calls(trace.spans)
    totals = token_totals(call for call in calls if call.row.kind == Kind.LLM)
    natives = [one for one in trace.interactions if one.pk in trace.native_texts]
    if not calls:
        for name in TOKENS:
            numbers = [getattr(one, name) for one in natives if getattr(one, name) is not None]
            totals[name] = sum(numbers) if numbers else None
    known = [value for value in (totals["input_tokens"], totals["output_tokens"]) if value is not None]
    return {
        **totals,
        "total_tokens": sum(known) if known else None,
        "cost_usd": _cost_of(trace, natives or trace.interactions),
        "span_count": len(trace.spans),
        "spans_by_kind": dict(Counter(Kind(span.row.kind).label for span in trace.spans)),
    }


def _cost_of(trace: Trace, interactions: list[Interaction]) -> Decimal | None:
    """The cost of the interactions; that of the spans where they count neither tokens nor cost, or are not there yet."""
    if any(one.cost_usd is not None or is_unpriced(one) for one in interactions):
        return whole_cost(interactions)
    return trace.assembled.values["cost_usd"] if trace.assembled else None
