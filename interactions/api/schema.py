"""The shapes of the API for OpenAPI. They describe; validation is in interactions/ingest."""

from typing import Any

from rest_framework import serializers

from interactions.ingest.browser import TYPES
from interactions.models import Kind
from interactions.models.fields import TOKENS
from observatory.projects.operations import ErrorDetail, Fields, shape

STATUS = ("ok", "error")
KINDS = [str(kind.label) for kind in Kind]
MOMENT = "ISO 8601, or seconds or milliseconds since 1970. Absent: now."


def texts(*names: str, limit: int | None = None) -> Fields:
    most: dict[str, Any] = {} if limit is None else {"max_length": limit}
    return {name: serializers.CharField(required=False, **most) for name in names}


def counts(*names: str) -> Fields:
    return {name: serializers.IntegerField(required=False, min_value=0) for name in names}


def numbers(*names: str) -> Fields:
    return {name: serializers.FloatField(required=False, min_value=0) for name in names}


def moment(help_text: str = MOMENT) -> serializers.Field:
    return serializers.DateTimeField(required=False, help_text=help_text)


def cost() -> serializers.Field:
    return serializers.FloatField(
        required=False, min_value=0, help_text="USD. Given: it stands. Absent: computed from the price book."
    )


def tags() -> serializers.Field:
    return serializers.ListField(child=serializers.CharField(max_length=100), required=False, max_length=50)


def free(help_text: str = "Any JSON object, kept as it is.") -> serializers.Field:
    return serializers.DictField(required=False, help_text=help_text)


def value(help_text: str = "Any JSON value.") -> serializers.Field:
    return serializers.JSONField(required=False, help_text=help_text)


# ---- what is sent ----

Document = shape(
    "Document",
    **texts("id", limit=255),
    **texts("text"),
    score=serializers.FloatField(required=False),
    **texts("source", limit=2000),
    metadata=free(),
)
Failure = shape("Failure", **texts("type", limit=120), **texts("message"))
InteractionBody = shape(
    "InteractionBody",
    id=serializers.UUIDField(required=False, help_text="Yours, for safe retries. Absent: one is made."),
    **texts("query", "answer"),
    **texts("model", limit=120),
    **texts("provider", limit=60),
    **texts("model_version", limit=120),
    **counts(*TOKENS),
    **numbers("latency_ms", "retrieval_ms", "generation_ms", "time_to_first_token_ms"),
    confidence=serializers.FloatField(required=False, min_value=0, max_value=1),
    **counts("citations_count"),
    **texts("session_id", "user_id", limit=128),
    trace_id=serializers.CharField(required=False, max_length=64, help_text="Absent: the interaction's own id."),
    asked_at=moment(),
    **texts("environment", "release", limit=60),
    **texts("prompt_name", limit=120),
    **texts("prompt_version", limit=60),
    **texts("category", limit=120),
    tags=tags(),
    metadata=free(),
    passages=Document(many=True, required=False, help_text="What retrieval found. A plain text stands for its document."),
    status=serializers.ChoiceField(STATUS, required=False),
    error=Failure(required=False, help_text="A plain text stands for its message."),
    cost_usd=cost(),
    **texts("final_decision", limit=255),
    **texts("experiment", limit=120),
    **texts("arm", limit=60),
    **texts("name", limit=255),
)
EventBody = shape(
    "EventBody",
    id=serializers.CharField(required=False, max_length=64, help_text="Yours, for safe retries. Absent: one is made."),
    type=serializers.CharField(max_length=100),
    occurred_at=moment(),
    **texts("session_id", "user_id", limit=128),
    **texts("trace_id", limit=64),
    **texts("component", "action", limit=120),
    **numbers("duration_ms"),
    data=free(),
)
SpanBody = shape(
    "SpanBody",
    trace_id=serializers.CharField(max_length=64),
    name=serializers.CharField(max_length=255),
    span_id=serializers.CharField(
        required=False, max_length=64, help_text="Yours, for safe retries and as a parent. Absent: one is made."
    ),
    **texts("parent_span_id", limit=64),
    kind=serializers.ChoiceField(KINDS, required=False),
    started_at=moment("ISO 8601, or seconds or milliseconds since 1970. Absent: the end less `duration_ms`."),
    ended_at=moment("Needed only without `duration_ms`. Absent: now."),
    **numbers("duration_ms", "time_to_first_token_ms"),
    status=serializers.ChoiceField(STATUS, required=False),
    error=Failure(required=False, help_text="A plain text stands for its message."),
    **texts("model", limit=120),
    **texts("provider", limit=60),
    **counts(*TOKENS),
    cost_usd=cost(),
    input=value(),
    output=value(),
    documents=Document(many=True, required=False),
    **texts("session_id", "user_id", limit=128),
    **texts("environment", "release", limit=60),
    **texts("prompt_name", limit=120),
    **texts("prompt_version", limit=60),
    tags=tags(),
    metadata=free(),
    attributes=free("Whatever else is known, by name."),
)
BrowserBody = shape(
    "BrowserBody",
    id=serializers.CharField(required=False, max_length=64, help_text="Yours, for safe retries. Absent: one is made."),
    type=serializers.ChoiceField(list(TYPES)),
    data=serializers.DictField(),
    timestamp=serializers.IntegerField(required=False, help_text="Milliseconds since 1970. Absent: now."),
)

# ---- what is answered ----


def names_of(*names: str) -> Fields:
    return {name: serializers.CharField() for name in names}


InteractionStored = shape("InteractionStored", interaction_id=serializers.UUIDField(), **names_of("trace_id"))
EventStored = shape("EventStored", **names_of("event_id"))
SpanStored = shape("SpanStored", **names_of("span_id", "trace_id"))
BrowserStored = shape("BrowserStored", **names_of("status", "event_id"))
ItemResult = shape(
    "ItemResult",
    index=serializers.IntegerField(),
    status=serializers.IntegerField(),
    **texts("interaction_id", "event_id", "span_id", "trace_id"),
    error=ErrorDetail(required=False),
)
BatchAnswer = shape("BatchAnswer", results=ItemResult(many=True))
PartialSuccess = shape(
    "PartialSuccess",
    **texts("rejectedSpans", "rejectedLogRecords", "rejectedDataPoints"),
    errorMessage=serializers.CharField(),
)
ExportAnswer = shape("ExportAnswer", partialSuccess=PartialSuccess(required=False))
OtlpError = shape("OtlpError", error=ErrorDetail(), message=serializers.CharField(help_text="As google.rpc.Status has it."))
