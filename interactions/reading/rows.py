"""A row of a list, as the API answers it."""

from typing import Any

from interactions.models import Interaction
from interactions.models.fields import TOKENS

ROW_FIELDS = (
    "id interaction_id trace_id name session_id user_id model provider environment release is_error is_future_dated "
    f"error_type asked_at query_preview answer_preview {' '.join(TOKENS)} "
    "latency_ms cost_usd confidence category tags span_count origin"
).split()
LIST_FIELDS = (*ROW_FIELDS, "prompt_name", "prompt_version")  # also those of the facets and of a file


def status_word(is_error: bool) -> str:
    return "error" if is_error else "ok"


def row_of(interaction: Interaction) -> dict[str, Any]:
    return {
        "interaction_id": str(interaction.interaction_id),
        "trace_id": interaction.trace_id,
        "name": interaction.name or None,
        "session_id": interaction.session_id or None,
        "user_id": interaction.user_id or None,
        "model": interaction.model or None,
        "provider": interaction.provider or None,
        "environment": interaction.environment or None,
        "release": interaction.release or None,
        "category": interaction.category or None,
        "tags": interaction.tags,
        "status": status_word(interaction.is_error),
        "is_future_dated": interaction.is_future_dated,
        "asked_at": interaction.asked_at,
        "query_preview": interaction.query_preview,
        "answer_preview": interaction.answer_preview,
        **{name: getattr(interaction, name) for name in TOKENS},
        "latency_ms": interaction.latency_ms,
        "confidence": interaction.confidence,
        "cost_usd": interaction.cost_usd,
        "span_count": interaction.span_count,
    }
