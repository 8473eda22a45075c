"""What a batch will write: worked out, and its texts compressed, before the transaction takes any lock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from interactions.ingest.known import Key, key_of
from interactions.ingest.records import EventRecord, InteractionRecord, Record, SpanRecord
from interactions.payloads.frames import Block, pack
from interactions.payloads.repeats import Memory, long_parts, mark_of

MESSAGE_EVENTS = "gen_ai."
stored_lately = Memory()


class Outcome(StrEnum):
    STORED = "stored"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"


@dataclass
class Plan:
    """The rows to come. `of_traces` and `of_interactions` (by id as hex) give the place of their texts in `payloads`.

    `marks` are those of texts that may come again, for `stored_lately` to remember when they are committed.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    spans: list[SpanRecord] = field(default_factory=list)
    interactions: list[InteractionRecord] = field(default_factory=list)
    events: list[EventRecord] = field(default_factory=list)
    payloads: list[Block] = field(default_factory=list)
    of_traces: dict[str, int] = field(default_factory=dict)
    of_interactions: dict[str, int] = field(default_factory=dict)
    stale_traces: list[str] = field(default_factory=list)
    marks: set[int] = field(default_factory=set)

    @property
    def has_facts(self) -> bool:
        return bool(self.spans or self.interactions or self.events)


def make_plan(project_id: int, records: Sequence[Record], known: Mapping[Key, int | None]) -> Plan:
    """Judge each record against what is known and against its neighbours, and prepare the new ones."""
    plan = Plan()
    seen = dict(known)
    for record in records:
        key = key_of(record)
        if key in seen:
            plan.outcomes.append(_repeated(seen[key], record.body_hash))
            continue
        seen[key] = record.body_hash
        plan.outcomes.append(Outcome.STORED)
        _sort_in(plan, record)
    _add_payloads(project_id, plan)
    # Sorted, so that two requests that mark the same traces take their locks in the same order.
    plan.spans.sort(key=lambda span: (span.trace_id, span.span_id))
    traces = {span.trace_id for span in plan.spans} | {one.trace_id for one in plan.interactions}
    plan.stale_traces = sorted(traces | _traces_of(plan.events))
    return plan


def _repeated(stored: int | None, sent: int | None) -> Outcome:
    same = stored is None or sent is None or stored == sent
    return Outcome.DUPLICATE if same else Outcome.CONFLICT


def _sort_in(plan: Plan, record: Record) -> None:
    if isinstance(record, SpanRecord):
        plan.spans.append(record)
    elif isinstance(record, InteractionRecord):
        plan.interactions.append(record)
    else:
        plan.events.append(record)


def _traces_of(events: list[EventRecord]) -> set[str]:
    """The traces that events change: only messages of the GenAI conventions become part of a span."""
    return {event.trace_id for event in events if event.trace_id and event.type.startswith(MESSAGE_EVENTS)}


def _add_payloads(project_id: int, plan: Plan) -> None:
    traces: dict[str, dict[str, Any]] = {}
    for span in plan.spans:
        if span.texts:
            traces.setdefault(span.trace_id, {})[span.span_id] = span.texts
    parts = {key: [part for texts in spans.values() for part in long_parts(texts)] for key, spans in traces.items()}
    _add_blocks(project_id, plan, traces, parts, plan.of_traces)
    interactions = {record.interaction_id.hex: record.texts for record in plan.interactions}
    parts = {key: list(long_parts(texts)) for key, texts in interactions.items()}
    _add_blocks(project_id, plan, interactions, parts, plan.of_interactions)


def _add_blocks(
    project_id: int, plan: Plan, contents: dict[str, Any], parts: dict[str, list[str]], places: dict[str, int]
) -> None:
    shared = {key: _come_again(project_id, plan, some) for key, some in parts.items()}
    for block in pack(contents, shared):
        places.update(dict.fromkeys(block.keys, len(plan.payloads)))
        plan.payloads.append(block)


def _come_again(project_id: int, plan: Plan, parts: Sequence[str]) -> list[str]:
    """Those of the parts of one trace that came before, in another trace of this request or in another request."""
    marks = {part: mark_of(project_id, part) for part in parts}
    again = [part for part, mark in marks.items() if mark in plan.marks or stored_lately.knows(mark)]
    plan.marks.update(marks.values())
    return again
