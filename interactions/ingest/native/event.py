"""One event of the native API: a name from the ledger or any other, with whatever it carries."""

import uuid
from datetime import datetime
from typing import Any

from interactions.ingest.native.ids import read_trace_id
from interactions.ingest.native.reader import Reader, body_hash
from interactions.ingest.records import EventRecord
from observatory.core.errors import ApiError


def parse_event(data: Any, *, now: datetime) -> EventRecord:
    """Return the record of one JSON object; raises ApiError with the field that is wrong.

    The context fields of structured events (thread_id, request_id, component, action, duration_ms, ...) and the
    camelCase ids of browser events are understood at the top level and inside `data`.
    """
    reader = Reader(data, "event")
    kind = reader.label("type", "event", "name", limit=100)
    if not kind:
        raise ApiError("invalid", "an event needs a type", field="type")
    content = reader.mapping("data")
    inner = Reader(content, "data")
    record = EventRecord(
        event_id=reader.label("id", "event_id", limit=64) or uuid.uuid4().hex,
        type=kind,
        occurred_us=reader.moment_us("occurred_at", "timestamp", default=now),
        body_hash=body_hash(data),
        session_id=_either(reader, inner, "session_id", "sessionId", "thread_id"),
        user_id=_either(reader, inner, "user_id", "userId"),
        trace_id=read_trace_id(reader) or read_trace_id(inner) or None,
        component=_either(reader, inner, "component", limit=120),
        action=_either(reader, inner, "action", limit=120),
        duration_ms=reader.number("duration_ms"),
    )
    if record.duration_ms is None and isinstance(content.get("duration_ms"), int | float):
        record.duration_ms = inner.number("duration_ms")
    record.data = content | reader.rest()
    return record


def _either(reader: Reader, inner: Reader, *names: str, limit: int = 128) -> str:
    return reader.label(*names, limit=limit) or inner.label(*names, limit=limit)
