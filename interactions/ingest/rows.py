"""Records as rows of database values. Whatever a column could refuse is made to fit here, so that a batch never fails."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import orjson

from interactions.ingest.amounts import rounded
from interactions.ingest.records import EventRecord, InteractionRecord, SpanRecord
from interactions.models import Origin
from interactions.models.fields import pack_id
from interactions.pricing.rates import Name, Rates
from interactions.pricing.recent import expected_cost
from observatory.core.bulk import database_time

MAX_INT = 2**31 - 1
PREVIEW_CHARS = 200

SPAN_COLUMNS = (
    "project_id trace_id span_id parent_span_id payload_id kind is_error is_future_dated is_cost_given started_at "
    "duration_ms time_to_first_token_ms name model provider input_tokens output_tokens cached_tokens cache_write_tokens "
    "reasoning_tokens cost_usd body_hash http_method http_route http_status http_user_type"
).split()
INTERACTION_COLUMNS = (
    "project_id interaction_id trace_id payload_id origin is_error is_future_dated is_cost_given asked_at name "
    "session_id user_id model provider model_version environment release prompt_name prompt_version category experiment "
    "arm final_decision error_type query_preview answer_preview input_tokens output_tokens cached_tokens "
    "cache_write_tokens reasoning_tokens latency_ms retrieval_ms generation_ms time_to_first_token_ms confidence "
    "citations_count cost_usd span_count tags body_hash"
).split()
EVENT_COLUMNS = (
    "project_id event_id type occurred_at is_future_dated session_id user_id trace_id component action duration_ms data "
    "body_hash"
).split()


def span_row(
    project_id: int, span: SpanRecord, payload_id: int | None, latest_us: int, rates: Mapping[Name, Rates]
) -> tuple[Any, ...]:
    tokens = counts(span)
    return (
        project_id,
        pack_id(span.trace_id, 16),
        pack_id(span.span_id, 8),
        pack_id(span.parent_span_id, 8) if span.parent_span_id else None,
        payload_id,
        int(span.kind),
        span.is_error,
        span.started_us > latest_us,
        span.cost_usd is not None,
        database_time(span.started_us),
        span.duration_ms,
        span.time_to_first_token_ms,
        span.name[:255],
        span.model[:120],
        span.provider[:60],
        *tokens,
        cost(span, tokens, rates),
        span.body_hash,
        *span.http,
    )


def interaction_row(project_id: int, record: InteractionRecord, payload_id: int, latest_us: int) -> tuple[Any, ...]:
    return (
        project_id,
        record.interaction_id.hex,
        pack_id(record.trace_id, 16),
        payload_id,
        int(Origin.NATIVE),
        record.is_error,
        record.asked_us > latest_us,
        record.cost_usd is not None,
        database_time(record.asked_us),
        record.name[:255],
        record.session_id,
        record.user_id,
        record.model,
        record.provider,
        record.model_version,
        record.environment,
        record.release,
        record.prompt_name,
        record.prompt_version,
        record.category,
        record.experiment,
        record.arm,
        record.final_decision,
        record.error_type,
        preview(record.texts.get("query")),
        preview(record.texts.get("answer")),
        *counts(record),
        record.latency_ms,
        record.retrieval_ms,
        record.generation_ms,
        record.time_to_first_token_ms,
        record.confidence,
        count(record.citations_count),
        dollars(record.cost_usd),
        0,
        orjson.dumps(record.tags).decode(),
        record.body_hash,
    )


def event_row(project_id: int, event: EventRecord, latest_us: int) -> tuple[Any, ...]:
    return (
        project_id,
        event.event_id,
        event.type[:100],
        database_time(event.occurred_us),
        event.occurred_us > latest_us,
        event.session_id[:128],
        event.user_id[:128],
        pack_id(event.trace_id, 16) if event.trace_id else None,
        event.component[:120],
        event.action[:120],
        event.duration_ms,
        orjson.dumps(event.data).decode(),
        event.body_hash,
    )


def preview(text: Any) -> str:
    """Return the first characters of a text on one line."""
    if not isinstance(text, str):
        return ""
    return " ".join(text[: PREVIEW_CHARS * 2].split())[:PREVIEW_CHARS]


def counts(record: SpanRecord | InteractionRecord) -> list[int | None]:
    """Return the numbers of tokens in the order of TOKENS."""
    return [
        count(record.input_tokens),
        count(record.output_tokens),
        count(record.cached_tokens),
        count(record.cache_write_tokens),
        count(record.reasoning_tokens),
    ]


def cost(span: SpanRecord, tokens: Sequence[int | None], rates: Mapping[Name, Rates]) -> str | None:
    """Return the cost that the client gave, or else the one that the digest will probably find."""
    if span.cost_usd is not None:
        return dollars(span.cost_usd)
    return dollars(expected_cost(rates, (span.model[:120], span.provider[:60]), tokens))


def count(number: int | None) -> int | None:
    """Return a number of tokens, or None where no sane client could have meant it."""
    return number if number is not None and 0 <= number <= MAX_INT else None


def dollars(amount: Decimal | None) -> str | None:
    found = rounded(amount)
    return None if found is None else format(found, "f")
