"""One span of the native API: a timed stage of a trace."""

import secrets
from datetime import datetime
from typing import Any

from interactions.ingest.http import http_request
from interactions.ingest.native.documents import read_documents, read_error
from interactions.ingest.native.ids import canonical_id, read_trace_id
from interactions.ingest.native.interaction import STATUSES
from interactions.ingest.native.reader import Reader, body_hash
from interactions.ingest.records import SpanRecord
from interactions.models import Kind
from observatory.core.errors import ApiError

KINDS = {str(kind.label): kind for kind in Kind}


def parse_span(data: Any, *, now: datetime) -> SpanRecord:
    """Return the record of one JSON object; raises ApiError with the field that is wrong."""
    reader = Reader(data, "span")
    trace_id = read_trace_id(reader)
    if not trace_id:
        raise ApiError("invalid", "a span needs the id of its trace", field="trace_id")
    name = reader.label("name", limit=255)
    if not name:
        raise ApiError("invalid", "a span needs a name", field="name")
    span_id = canonical_id(reader.label("span_id", limit=64), 8) or secrets.token_hex(8)
    parent = canonical_id(reader.label("parent_span_id", limit=64), 8)
    if parent == span_id:
        raise ApiError("invalid", "a span cannot be its own parent; leave it out for the root", field="parent_span_id")
    error = read_error(reader)
    is_error = reader.choice("status", STATUSES)
    started_us, duration_ms = _times(reader, now)
    record = SpanRecord(
        trace_id=trace_id,
        span_id=span_id,
        parent_span_id=parent or None,
        name=name,
        started_us=started_us,
        duration_ms=duration_ms,
        kind=reader.choice("kind", KINDS) or Kind.OTHER,
        is_error=bool(error) if is_error is None else is_error,
        model=reader.label("model", limit=120),
        provider=reader.label("provider", limit=60),
        input_tokens=reader.count("input_tokens", "prompt_tokens"),
        output_tokens=reader.count("output_tokens", "completion_tokens"),
        cached_tokens=reader.count("cached_tokens"),
        cache_write_tokens=reader.count("cache_write_tokens"),
        reasoning_tokens=reader.count("reasoning_tokens"),
        time_to_first_token_ms=reader.number("time_to_first_token_ms"),
        cost_usd=reader.dollars("cost_usd"),
        body_hash=body_hash(data),
    )
    texts = {
        "input": reader.free("input"),
        "output": reader.free("output"),
        "documents": read_documents(reader, "documents"),
        "error": error,
        "session_id": reader.label("session_id", limit=128),
        "user_id": reader.label("user_id", limit=128),
        "environment": reader.label("environment", limit=60),
        "release": reader.label("release", limit=60),
        "tags": reader.labels("tags", most=50, limit=100),
        "prompt_name": reader.label("prompt_name", limit=120),
        "prompt_version": reader.label("prompt_version", limit=60),
        "metadata": reader.mapping("metadata"),
    }
    texts["attributes"] = reader.mapping("attributes") | reader.rest()
    record.http = http_request(texts["attributes"], is_server=texts["attributes"].get("span.kind") == "server")
    record.texts = {key: value for key, value in texts.items() if value not in (None, "", [], {})}
    return record


def _times(reader: Reader, now: datetime) -> tuple[int, float]:
    """Start and length from any two of started_at, ended_at, duration_ms."""
    duration_ms = reader.number("duration_ms")
    ended_us = reader.moment_us("ended_at", default=now)
    has_end = reader.raw("ended_at")[1] is not None
    if reader.raw("started_at")[1] is None:
        started_us = ended_us - round((duration_ms or 0) * 1000)
        if started_us < 0:
            raise ApiError("invalid", "the span would begin before 1970", field="duration_ms")
        return started_us, duration_ms or 0.0
    started_us = reader.moment_us("started_at", default=now)
    if has_end and ended_us < started_us:
        raise ApiError("invalid", "the span would end before it starts", field="ended_at")
    if duration_ms is None:
        duration_ms = (ended_us - started_us) / 1000 if has_end else 0.0
    return started_us, duration_ms
