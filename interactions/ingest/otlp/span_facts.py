"""What a span is: its kind, tokens, time to the first token, error."""

from collections.abc import Iterable
from typing import Any

from interactions.ingest.otlp.dialects import BETRAYS
from interactions.ingest.otlp.findings import Findings
from interactions.ingest.otlp.raw import RawSpan
from interactions.ingest.otlp.span_events import EventFindings
from interactions.ingest.otlp.usage import COUNTS, with_cached_input
from interactions.models import Kind

NS_PER_MS = 1_000_000
# Spans of other kinds repeat the sums of those below them.
COUNTED = frozenset({Kind.LLM, Kind.EMBEDDING, Kind.RERANKER})
OF_A_MODEL = ("model", "input_tokens", "output_tokens", "usage")
# LangChain's instrumentors write the whole traceback behind the message.
TRACEBACK = "Traceback (most recent call last)"


def kind_of(findings: Findings, events: EventFindings) -> Kind:
    """Return the kind that the span tells, else the one that its attributes betray."""
    kind = findings.get("kind")
    if kind is not None:
        return kind
    for name, betrayed in BETRAYS.items():
        if name in findings.attributes:
            return betrayed
    if "documents" in findings.found or events.documents:
        return Kind.RETRIEVER
    return Kind.LLM if _any(findings, OF_A_MODEL) else Kind.OTHER


def tokens_and_cost(findings: Findings, kind: Kind) -> dict[str, Any]:
    """Return the counts and the client's cost of a span that has its own; those of others go back to the attributes."""
    if kind not in COUNTED:
        for target in (*COUNTS, "usage", "cost_usd"):
            findings.give_back(target)
        return {}
    found: dict[str, Any] = dict(findings.get("usage") or {})
    for target in COUNTS:
        if target in findings.found:
            found[target] = findings.get(target)
    found = with_cached_input(found)
    if "cost_usd" in findings.found:
        found["cost_usd"] = findings.get("cost_usd")
    return found


def first_token_ms(findings: Findings, events: EventFindings, raw: RawSpan) -> float | None:
    given = findings.get("first_token_ms")
    if given is not None:
        return given
    moment = findings.get("first_token_ns") or events.first_token_ns
    if moment is None or moment < raw.start_ns:
        return None
    return (moment - raw.start_ns) / NS_PER_MS


def error_of(findings: Findings, events: EventFindings, raw: RawSpan) -> dict[str, Any] | None:
    """Return `{type?, message}` of a span that failed, None of one that did not, whatever it caught."""
    level, kind = findings.get("level"), findings.get("error_type")
    if not (raw.is_error or kind or level == "ERROR"):
        return None
    exception = events.exception or {}
    told = findings.get("error_message") or raw.status_message
    found = {
        "type": kind or _text(exception.get("exception.type")),
        "message": _text(exception.get("exception.message")) or told.partition(TRACEBACK)[0].rstrip(),
    }
    return {name: text for name, text in found.items() if text} or {"message": "error"}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _any(findings: Findings, targets: Iterable[str]) -> bool:
    return any(target in findings.found for target in targets)
