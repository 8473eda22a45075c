"""A raw span to the record that is stored."""

from typing import Any

from interactions.ingest.http import http_request
from interactions.ingest.otlp.dialects.logfire import PENDING, SPAN_TYPE
from interactions.ingest.otlp.findings import VALUE, Findings
from interactions.ingest.otlp.raw import RawSpan, Source
from interactions.ingest.otlp.readers import thread_of
from interactions.ingest.otlp.span_content import add_content
from interactions.ingest.otlp.span_events import EventFindings, read_events
from interactions.ingest.otlp.span_facts import error_of, first_token_ms, kind_of, tokens_and_cost
from interactions.ingest.records import SpanRecord
from observatory.core.errors import ApiError

NS_PER_US = 1_000
NS_PER_MS = 1_000_000
MAX_NAME = 255
CONTEXT = ("session_id", "user_id", "environment", "release", "tags", "prompt_name", "prompt_version", "trace_name")
# What a resource may say for all of its spans.
OF_RESOURCE = ("session_id", "user_id", "environment", "release", "tags")
NO_EVENTS = EventFindings()


def span_record(raw: RawSpan) -> SpanRecord:
    """Return the record; raises ApiError `pending_span` for a span that will be sent again when it has ended."""
    attributes = raw.attributes
    if attributes.get(SPAN_TYPE) == PENDING:
        raise ApiError("pending_span", "a span that has only begun; it is stored when it is sent complete", field=SPAN_TYPE)
    events = read_events(raw.events) if raw.events else NO_EVENTS
    findings = Findings(events.attributes | attributes if events.attributes else attributes)
    kind = kind_of(findings, events)
    counted = tokens_and_cost(findings, kind)
    error = error_of(findings, events, raw)
    record = SpanRecord(
        trace_id=raw.trace_id,
        span_id=raw.span_id,
        parent_span_id=None if raw.parent_span_id == raw.span_id else raw.parent_span_id,
        name=raw.name[:MAX_NAME],
        started_us=raw.start_ns // NS_PER_US,
        duration_ms=(raw.end_ns - raw.start_ns) / NS_PER_MS,
        kind=kind,
        is_error=error is not None,
        model=findings.get("model") or "",
        provider=findings.get("provider") or "",
        time_to_first_token_ms=first_token_ms(findings, events, raw),
        http=http_request(attributes, is_server=raw.is_server),
        **counted,
    )
    if error is not None:
        record.texts["error"] = error
        if record.cost_usd == 0:
            record.cost_usd = None  # Langfuse's drop-in writes 0 for a call that failed
    _add_context(record.texts, findings, raw.source)
    add_content(record.texts, findings, events, kind)
    _add_rest(record.texts, findings, events, raw.source)
    return record


def resource_facts(source: Source) -> dict[str, Any]:
    """Return what the resource says for all of its spans and log records; read once."""
    if source.facts is None:
        findings = Findings(source.resource)
        found = ((target, findings.get(target)) for target in OF_RESOURCE)
        source.facts = {target: value for target, value in found if value is not None}
    return source.facts


def _add_context(texts: dict[str, Any], findings: Findings, source: Source) -> None:
    texts.update(resource_facts(source))
    found = findings.found
    for target in CONTEXT:
        if target in found:
            texts[target] = found[target][VALUE]
    metadata = findings.metadata
    if "metadata" in found:
        metadata = findings.get("metadata") | metadata
    if metadata:
        texts["metadata"] = metadata
        if "session_id" not in texts:
            session_id = thread_of(metadata)
            if session_id:
                texts["session_id"] = session_id


def _add_rest(texts: dict[str, Any], findings: Findings, events: EventFindings, source: Source) -> None:
    if findings.rest:
        texts["attributes"] = findings.rest
    if events.kept:
        texts["events"] = events.kept
    if source.resource:
        texts["resource"] = source.resource
    if source.scope:
        texts["scope"] = source.scope
