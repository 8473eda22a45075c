"""One interaction out of the spans of a trace. Pure: facts in, values out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from interactions.digest.facts import SpanFact
from interactions.digest.outcome import outcome_of
from interactions.digest.span_rows import SpanRow
from interactions.models import Kind, Origin
from interactions.models.fields import TOKENS

RETRIEVAL = frozenset({Kind.RETRIEVER, Kind.RERANKER, Kind.EMBEDDING})
# What such a span calls is its own affair, not the inside of the call around it.
OWN_CALLS = frozenset({Kind.TOOL, Kind.AGENT, Kind.RETRIEVER, Kind.EVALUATOR, Kind.GUARDRAIL})
SCRUBBED = "[Scrubbed due to"


@dataclass(slots=True)
class Assembled:
    """The derived values of a trace. `values` are columns of Interaction; the texts go to the search index."""

    values: dict[str, Any]
    query: str = ""
    answer: str = ""
    error: dict[str, Any] = field(default_factory=dict)
    costs: dict[str, Decimal] = field(default_factory=dict)
    is_root_missing: bool = False


def assemble(spans: list[SpanFact], costs: dict[str, Decimal]) -> Assembled:
    """Return the interaction of a trace with at least one span; `costs` are the prices of its spans by span id.

    The root is the earliest span without a parent, else the earliest whose parent never came: a trace whose root is
    lost still shows.
    """
    root = find_root(spans)
    counted = counted_calls(spans)
    llms = [span for span in spans if span.row.kind == Kind.LLM]
    # A call that failed answered nothing, whenever it came.
    answered = [span for span in llms if not span.row.is_error] or llms
    answering = answered[-1] if answered else root
    outcome = outcome_of(spans, root)
    values = {
        "origin": Origin.TRACE if any(span.row.kind != Kind.OTHER for span in spans) or outcome.query else Origin.PLAIN,
        "is_error": outcome.is_error,
        "is_future_dated": root.row.is_future_dated,
        "asked_at": root.row.started_at,
        "name": (_text(spans, "trace_name") or root.row.name)[:255],
        "session_id": _text(spans, "session_id")[:128],
        "user_id": _text(spans, "user_id")[:128],
        "model": answering.row.model or _first(span.row.model for span in llms),
        "provider": answering.row.provider or _first(span.row.provider for span in llms),
        "environment": _text(spans, "environment")[:60],
        "release": _text(spans, "release")[:60],
        "prompt_name": _text(spans, "prompt_name")[:120],
        "prompt_version": _text(spans, "prompt_version")[:60],
        "error_type": str(outcome.error.get("type") or "")[:120],
        "latency_ms": _latency_ms(root, spans),
        "retrieval_ms": covered_ms(span for span in spans if span.row.kind in RETRIEVAL),
        "generation_ms": covered_ms(llms),
        "time_to_first_token_ms": _first_of(span.row.time_to_first_token_ms for span in llms),
        "cost_usd": total_cost(counted, costs),
        "span_count": len(spans),
        "tags": _tags(spans),
    }
    values |= token_totals(span for span in counted if span.row.kind == Kind.LLM)
    return Assembled(
        values=values,
        query=outcome.query,
        answer=outcome.answer,
        error=outcome.error,
        costs=costs,
        is_root_missing=root.row.parent_span_id is not None,
    )


def find_root(spans: list[SpanFact]) -> SpanFact:
    """Return the earliest span without a parent, else the earliest whose parent never came, else the earliest."""
    known = {span.row.span_id for span in spans}
    without_parent = (span for span in spans if span.row.parent_span_id is None)
    orphans = (span for span in spans if span.row.parent_span_id not in known)
    return next(without_parent, None) or next(orphans, None) or spans[0]


def counted_calls(spans: list[SpanFact]) -> list[SpanFact]:
    """Return the model calls whose tokens count.

    An LLM span right around another one (a framework's around its client's) repeats its numbers and does not count;
    one that runs tools or agents, which call models themselves, does.
    """
    rows = {span.row.span_id: span.row for span in spans}
    calls = [span for span in spans if _is_call(span.row)]
    nearest: dict[str, str | None] = {}
    wrappers = {_call_around(span.row, rows, nearest) for span in calls if span.row.kind == Kind.LLM}
    return [span for span in calls if span.row.span_id not in wrappers]


def _is_call(row: SpanRow) -> bool:
    is_model = row.kind in {Kind.LLM, Kind.EMBEDDING, Kind.RERANKER}
    return is_model and (row.input_tokens is not None or row.output_tokens is not None or row.is_cost_given)


def _call_around(row: SpanRow, rows: dict[str, SpanRow], nearest: dict[str, str | None]) -> str | None:
    """Return the LLM call right around a span. `nearest` remembers the answer for the spans passed on the way up."""
    passed: dict[str, None] = {}
    current = row.parent_span_id
    while current in rows and current not in passed and current not in nearest and current != row.span_id:
        above = rows[current]
        if above.kind == Kind.LLM and _is_call(above):
            break
        if above.kind in OWN_CALLS:
            current = None
            break
        passed[current] = None
        current = above.parent_span_id
    else:
        current = nearest.get(current) if current else None
    nearest.update(dict.fromkeys(passed, current))
    return current


def token_totals(calls: Iterable[SpanFact]) -> dict[str, int | None]:
    """Sum each kind of token; None where no call knows it."""
    totals: dict[str, int | None] = dict.fromkeys(TOKENS)
    for call in calls:
        for name in TOKENS:
            number = getattr(call.row, name)
            if number is not None:
                totals[name] = (totals[name] or 0) + number
    return totals


def total_cost(calls: list[SpanFact], costs: dict[str, Decimal]) -> Decimal | None:
    """Sum the costs of the calls; None where one has no known price, for the sum would pass for the whole."""
    if not calls or any(call.row.span_id not in costs for call in calls):
        return None
    return sum((costs[call.row.span_id] for call in calls), Decimal(0))


def covered_ms(spans: Iterable[SpanFact]) -> float | None:
    """Return the time during which at least one of the spans ran: parallel calls count once. None without spans."""
    ranges = sorted((span.row.started_at, span.row.ended_at) for span in spans)
    if not ranges:
        return None
    total, (start, end) = timedelta(0), ranges[0]
    for next_start, next_end in ranges[1:]:
        if next_start > end:
            total += end - start
            start, end = next_start, next_end
        else:
            end = max(end, next_end)
    return (total + end - start) / timedelta(milliseconds=1)


def _latency_ms(root: SpanFact, spans: list[SpanFact]) -> float:
    if root.row.parent_span_id is None:
        return root.row.duration_ms
    return (max(span.row.ended_at for span in spans) - spans[0].row.started_at) / timedelta(milliseconds=1)


def _text(spans: list[SpanFact], name: str) -> str:
    """The first span that says it; clients often do not say it on the root."""
    for span in spans:
        value = span.texts.get(name)
        if isinstance(value, str) and value and not value.startswith(SCRUBBED):
            return value
    return ""


def _tags(spans: list[SpanFact]) -> list[str]:
    tags = (tag for span in spans for tag in span.texts.get("tags", ()) if isinstance(tag, str))
    return list(dict.fromkeys(tags))[:50]


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")


def _first_of(values: Iterable[Any]) -> Any:
    return next((value for value in values if value is not None), None)
