"""One interaction, as R1 of the native API has it."""

import uuid
from datetime import datetime
from typing import Any

from interactions.ingest.native.documents import read_documents, read_error
from interactions.ingest.native.ids import read_trace_id, read_uuid
from interactions.ingest.native.reader import Reader, body_hash
from interactions.ingest.records import InteractionRecord
from observatory.core.errors import ApiError

STATUSES = {"ok": False, "success": False, "error": True}


def parse_interaction(data: Any, *, now: datetime) -> InteractionRecord:
    """Return the record of one JSON object; raises ApiError with the field that is wrong."""
    reader = Reader(data, "interaction")
    if not data:
        raise ApiError("empty", "the interaction has no field at all")
    own_id, other = read_uuid(reader, "id"), read_uuid(reader, "interaction_id")
    if own_id and other and own_id != other:
        raise ApiError("invalid", "it differs from id; send one of them", field="interaction_id")
    interaction_id = own_id or other or uuid.uuid4()
    trace_id = read_trace_id(reader) or interaction_id.hex
    error = read_error(reader)
    is_error = reader.choice("status", STATUSES)
    texts = {
        "query": reader.text("query"),
        "answer": reader.text("answer"),
        "passages": read_documents(reader, "passages"),
        "metadata": reader.mapping("metadata"),
        "error": error,
    }
    record = InteractionRecord(
        interaction_id=interaction_id,
        trace_id=trace_id,
        asked_us=reader.moment_us("asked_at", "timestamp", default=now),
        body_hash=body_hash(data),
        is_error=bool(error) if is_error is None else is_error,
        name=reader.label("name", limit=255),
        session_id=reader.label("session_id", limit=128),
        user_id=reader.label("user_id", limit=128),
        model=reader.label("model", limit=120),
        provider=reader.label("provider", limit=60),
        model_version=reader.label("model_version", limit=120),
        environment=reader.label("environment", limit=60),
        release=reader.label("release", limit=60),
        prompt_name=reader.label("prompt_name", limit=120),
        prompt_version=reader.label("prompt_version", limit=60),
        category=reader.label("category", limit=120),
        experiment=reader.label("experiment", limit=120),
        arm=reader.label("arm", limit=60),
        final_decision=reader.label("final_decision", limit=255),
        error_type=error.get("type", ""),
        input_tokens=reader.count("input_tokens", "prompt_tokens"),
        output_tokens=reader.count("output_tokens", "completion_tokens"),
        cached_tokens=reader.count("cached_tokens"),
        cache_write_tokens=reader.count("cache_write_tokens"),
        reasoning_tokens=reader.count("reasoning_tokens"),
        latency_ms=reader.number("latency_ms"),
        retrieval_ms=reader.number("retrieval_ms"),
        generation_ms=reader.number("generation_ms"),
        time_to_first_token_ms=reader.number("time_to_first_token_ms"),
        confidence=reader.number("confidence", low=0, high=1),
        citations_count=reader.count("citations_count"),
        cost_usd=reader.dollars("cost_usd"),
        tags=reader.labels("tags", most=50, limit=100),
    )
    texts["attributes"] = reader.rest()
    record.texts = {name: value for name, value in texts.items() if value}
    return record
