"""What every way in produces and the store takes: validated once, at the edge, and trusted from there on.

Times are microseconds since 1970 (UTC), durations milliseconds, ids strings. `texts` holds all that has no column of
its own; it goes into the payload as it is, so it must be plain JSON values.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from interactions.ingest.http import NO_REQUEST, HttpRequest
from interactions.models import Kind


@dataclass(slots=True)
class SpanRecord:
    """A span.

    `texts` keys, all optional: input, output (text or JSON values), documents [{id?, text, score?, source?}],
    error {type?, message}, session_id, user_id, environment, release, tags [str], prompt_name, prompt_version,
    trace_name, metadata {}, attributes {} (everything not understood), events [{name, at_us, attributes}],
    resource {}, scope.
    """

    trace_id: str
    span_id: str
    name: str
    started_us: int
    duration_ms: float
    parent_span_id: str | None = None
    kind: Kind = Kind.OTHER
    is_error: bool = False
    model: str = ""
    provider: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    cache_write_tokens: int | None = None
    reasoning_tokens: int | None = None
    time_to_first_token_ms: float | None = None
    cost_usd: Decimal | None = None
    body_hash: int | None = None
    http: HttpRequest = NO_REQUEST
    texts: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class InteractionRecord:
    """A native interaction. `texts`: query, answer, passages [{id?, text, score?, source?}], metadata, error."""

    interaction_id: UUID
    trace_id: str
    asked_us: int
    body_hash: int
    is_error: bool = False
    name: str = ""
    session_id: str = ""
    user_id: str = ""
    model: str = ""
    provider: str = ""
    model_version: str = ""
    environment: str = ""
    release: str = ""
    prompt_name: str = ""
    prompt_version: str = ""
    category: str = ""
    experiment: str = ""
    arm: str = ""
    final_decision: str = ""
    error_type: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    cache_write_tokens: int | None = None
    reasoning_tokens: int | None = None
    latency_ms: float | None = None
    retrieval_ms: float | None = None
    generation_ms: float | None = None
    time_to_first_token_ms: float | None = None
    confidence: float | None = None
    citations_count: int | None = None
    cost_usd: Decimal | None = None
    tags: list[str] = field(default_factory=list)
    texts: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class EventRecord:
    """A named event. `data` is what the client sent, as plain JSON values."""

    event_id: str
    type: str
    occurred_us: int
    body_hash: int
    session_id: str = ""
    user_id: str = ""
    trace_id: str | None = None
    component: str = ""
    action: str = ""
    duration_ms: float | None = None
    data: dict[str, Any] = field(default_factory=dict)


Record = SpanRecord | InteractionRecord | EventRecord


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one record of a batch was not stored: its place in the batch, and the error as the caller sees it."""

    index: int
    code: str
    reason: str
    field: str | None = None
