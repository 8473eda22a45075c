"""The shapes of the API for OpenAPI. They describe; validation is in interactions/ingest."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from interactions.models import Kind

STATUS = ("ok", "error")


def texts(*names: str) -> dict[str, serializers.Field]:
    return {name: serializers.CharField(required=False) for name in names}


def counts(*names: str) -> dict[str, serializers.Field]:
    return {name: serializers.IntegerField(required=False, min_value=0) for name in names}


def numbers(*names: str) -> dict[str, serializers.Field]:
    return {name: serializers.FloatField(required=False, min_value=0) for name in names}


def shape(name: str, /, **fields: serializers.Field) -> type[serializers.Serializer]:
    """A serializer class of that name, made of fields."""
    return type(name, (serializers.Serializer,), fields)


TOKEN_NAMES = ("input_tokens", "output_tokens", "cached_tokens", "cache_write_tokens", "reasoning_tokens")
Document = shape(
    "Document",
    **texts("id", "text", "source"),
    score=serializers.FloatField(required=False),
    metadata=serializers.DictField(required=False),
)
Failure = shape("Failure", **texts("type", "message"))

def cost() -> serializers.Field:
    return serializers.FloatField(required=False, help_text="USD. Given: it stands. Absent: computed from the price book.")


InteractionBody = shape(
    "InteractionBody",
    id=serializers.UUIDField(required=False, help_text="Yours, for safe retries; absent: one is made."),
    **texts("query", "answer", "model", "provider", "model_version"),
    **counts(*TOKEN_NAMES),
    **numbers("latency_ms", "retrieval_ms", "generation_ms", "time_to_first_token_ms"),
    confidence=serializers.FloatField(required=False, min_value=0, max_value=1),
    **counts("citations_count"),
    **texts("session_id", "user_id", "trace_id"),
    asked_at=serializers.DateTimeField(required=False, help_text="ISO 8601, or seconds or milliseconds since 1970. Absent: now."),
    **texts("environment", "release", "prompt_name", "prompt_version", "category"),
    tags=serializers.ListField(child=serializers.CharField(max_length=100), required=False, max_length=50),
    metadata=serializers.DictField(required=False),
    passages=Document(many=True, required=False),
    status=serializers.ChoiceField(STATUS, required=False),
    error=Failure(required=False),
    cost_usd=cost(),
    **texts("final_decision", "experiment", "arm", "name"),
)
EventBody = shape(
    "EventBody",
    id=serializers.CharField(required=False, max_length=64, help_text="Yours, for safe retries."),
    type=serializers.CharField(max_length=100),
    occurred_at=serializers.DateTimeField(required=False),
    **texts("session_id", "user_id", "trace_id", "component", "action"),
    **numbers("duration_ms"),
    data=serializers.DictField(required=False),
)
SpanBody = shape(
    "SpanBody",
    trace_id=serializers.CharField(max_length=64),
    name=serializers.CharField(max_length=255),
    **texts("span_id", "parent_span_id"),
    kind=serializers.ChoiceField([str(kind.label) for kind in Kind], required=False),
    started_at=serializers.DateTimeField(required=False),
    ended_at=serializers.DateTimeField(required=False),
    **numbers("duration_ms", "time_to_first_token_ms"),
    status=serializers.ChoiceField(STATUS, required=False),
    error=Failure(required=False),
    **texts("model", "provider"),
    **counts(*TOKEN_NAMES),
    cost_usd=cost(),
    input=serializers.JSONField(required=False, help_text="Any JSON value."),
    output=serializers.JSONField(required=False, help_text="Any JSON value."),
    documents=Document(many=True, required=False),
    **texts("session_id", "user_id", "environment", "release", "prompt_name", "prompt_version"),
    tags=serializers.ListField(child=serializers.CharField(), required=False),
    metadata=serializers.DictField(required=False),
    attributes=serializers.DictField(required=False),
)
BrowserBody = shape(
    "BrowserBody",
    type=serializers.CharField(),
    data=serializers.DictField(),
    timestamp=serializers.IntegerField(required=False, help_text="Milliseconds since 1970."),
)
ErrorDetail = shape(
    "ErrorDetail",
    code=serializers.CharField(),
    reason=serializers.CharField(),
    field=serializers.CharField(required=False),
)
ErrorAnswer = shape("ErrorAnswer", error=ErrorDetail())
ItemResult = shape(
    "ItemResult",
    index=serializers.IntegerField(),
    status=serializers.IntegerField(),
    **texts("interaction_id", "event_id", "span_id", "trace_id"),
    error=ErrorDetail(required=False),
)
BatchAnswer = shape("BatchAnswer", results=ItemResult(many=True))
Accepted = shape("Accepted", **texts("interaction_id", "event_id", "span_id", "trace_id"))

Row = shape(
    "Row",
    **{
    "interaction_id": serializers.UUIDField(),
    **texts("trace_id", "name", "session_id", "user_id", "model", "provider", "environment", "release", "category"),
    "tags": serializers.ListField(child=serializers.CharField()),
    "status": serializers.ChoiceField(STATUS),
    "is_future_dated": serializers.BooleanField(),
    "asked_at": serializers.DateTimeField(),
    **texts("query_preview", "answer_preview"),
    **counts(*TOKEN_NAMES),
    **numbers("latency_ms", "confidence", "cost_usd"),
    **counts("span_count"),
    },
)
PageSchema = shape("Page", results=Row(many=True), next=serializers.CharField(allow_null=True))
SpanSchema = shape("Span", **{name: field for name, field in SpanBody._declared_fields.items() if name != "ended_at"})
Totals = shape(
    "Totals", **counts(*TOKEN_NAMES), **counts("total_tokens", "span_count"), **numbers("cost_usd"), spans_by_kind=serializers.DictField()
)
TraceSchema = shape(
    "Trace",
    **texts("trace_id", "name", "session_id", "user_id", "environment", "release", "model_version", "final_decision"),
    tags=serializers.ListField(child=serializers.CharField()),
    status=serializers.ChoiceField(STATUS),
    started_at=serializers.DateTimeField(),
    **numbers("latency_ms"),
    interactions=Row(many=True),
    spans=SpanSchema(many=True),
    events=EventBody(many=True),
    totals=Totals(),
)
SessionSchema = shape(
    "Session",
    **texts("session_id", "user_id"),
    started_at=serializers.DateTimeField(),
    last_at=serializers.DateTimeField(),
    **counts("turns", "errors", "input_tokens", "output_tokens"),
    **numbers("cost_usd"),
    interactions=Row(many=True),
)

FILTER_PARAMETERS = [
    OpenApiParameter("session_id", str),
    OpenApiParameter("user_id", str),
    OpenApiParameter("model", str),
    OpenApiParameter("environment", str),
    OpenApiParameter("status", str, enum=STATUS),
    OpenApiParameter("since", str, description="Asked at this time or later; ISO 8601."),
    OpenApiParameter("until", str, description="Asked before this time; ISO 8601."),
    OpenApiParameter("q", str, description="Words in the question or the answer; the last one may be a beginning."),
]
CURSOR_PARAMETERS = [
    OpenApiParameter("limit", int, description="1 to 500; 50 if absent."),
    OpenApiParameter("cursor", str, description="`next` of the page before."),
]
