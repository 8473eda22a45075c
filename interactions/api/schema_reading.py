"""The shapes that the reading API answers. Every field is there; what is not known is null, or an empty list or object."""

from rest_framework import serializers

from interactions.api.schema import KINDS, STATUS, Document, Failure
from interactions.models.fields import TOKENS
from interactions.reading.opinions import CHOICES
from observatory.projects.operations import Fields, parameter, shape


def texts(*names: str) -> Fields:
    return {name: serializers.CharField(allow_null=True) for name in names}


def counts(*names: str) -> Fields:
    return {name: serializers.IntegerField(allow_null=True) for name in names}


def numbers(*names: str) -> Fields:
    return {name: serializers.FloatField(allow_null=True) for name in names}


def objects(*names: str) -> Fields:
    return {name: serializers.DictField(allow_null=True) for name in names}


def words() -> serializers.Field:
    return serializers.ListField(child=serializers.CharField())


def next_cursor() -> serializers.Field:
    return serializers.CharField(
        allow_null=True,
        help_text="The cursor of the next, older page; null on the last one. A page may be short, even empty, before that.",
    )


ROW: Fields = {
    "interaction_id": serializers.UUIDField(),
    "trace_id": serializers.CharField(),
    **texts("name", "session_id", "user_id", "model", "provider", "environment", "release", "category"),
    "tags": words(),
    "status": serializers.ChoiceField(STATUS),
    "is_future_dated": serializers.BooleanField(),
    "asked_at": serializers.DateTimeField(),
    "query_preview": serializers.CharField(allow_blank=True),
    "answer_preview": serializers.CharField(allow_blank=True),
    **counts(*TOKENS),
    **numbers("latency_ms", "confidence", "cost_usd"),
    "span_count": serializers.IntegerField(),
}
Row = shape("InteractionRow", **ROW)
Page = shape(
    "Page",
    results=Row(many=True),
    next=next_cursor(),
)
ScoreBeside = shape(
    "InteractionScore",
    score_id=serializers.CharField(),
    source=serializers.ChoiceField(["user", "signal", "reviewer", "estimate", "judge", "application"]),
    name=serializers.CharField(),
    state=serializers.ChoiceField(["scored", "not scorable", "failed"]),
    **numbers("value"),
    **texts("label"),
    is_passed=serializers.BooleanField(allow_null=True),
    **numbers("threshold"),
    **texts("comment", "author", "user_id", "version"),
    parts=serializers.DictField(child=serializers.FloatField(allow_null=True)),
    **numbers("cost_usd"),
    at=serializers.DateTimeField(),
    retry_at=serializers.DateTimeField(allow_null=True),
)
InteractionDetail = shape(
    "InteractionDetail",
    **ROW,
    **texts("model_version", "prompt_name", "prompt_version", "experiment", "arm", "final_decision", "error_type"),
    **numbers("retrieval_ms", "generation_ms", "time_to_first_token_ms"),
    **counts("citations_count"),
    scores=ScoreBeside(many=True, help_text="What is said of it, oldest first."),
    **texts("query", "answer"),
    passages=Document(many=True, help_text="What retrieval found."),
    metadata=serializers.DictField(
        allow_null=True, help_text="Of an interaction that was sent to the native API. Else null."
    ),
    error=Failure(allow_null=True, help_text="Why it failed. Else null."),
    attributes=serializers.DictField(
        help_text="Fields that the native API did not know, kept. Empty for one assembled from spans, which keep theirs."
    ),
)
SpanEvent = shape(
    "SpanEvent",
    name=serializers.CharField(),
    at_us=serializers.IntegerField(help_text="Microseconds since 1970."),
    attributes=serializers.DictField(required=False),
)
Span = shape(
    "Span",
    span_id=serializers.CharField(),
    **texts("parent_span_id"),
    name=serializers.CharField(),
    kind=serializers.ChoiceField(KINDS),
    started_at=serializers.DateTimeField(),
    duration_ms=serializers.FloatField(),
    **numbers("time_to_first_token_ms"),
    status=serializers.ChoiceField(STATUS),
    **texts("model", "provider"),
    **counts(*TOKENS),
    **numbers("cost_usd"),
    input=serializers.JSONField(help_text="A text, a list of messages `{role, content}`, or any JSON value."),
    output=serializers.JSONField(help_text="As input."),
    documents=Document(many=True),
    error=Failure(allow_null=True),
    **texts("prompt_name", "prompt_version", "session_id", "user_id"),
    **objects("metadata"),
    attributes=serializers.DictField(help_text="Everything that no field says."),
    events=SpanEvent(many=True, allow_null=True),
    **objects("resource"),
    **texts("scope"),
)
EVENT: Fields = {
    "event_id": serializers.CharField(),
    "type": serializers.CharField(),
    "occurred_at": serializers.DateTimeField(),
    **texts("component", "action"),
    **numbers("duration_ms"),
    "data": serializers.DictField(),
}
Event = shape("Event", **EVENT)
EventPage = shape(
    "EventPage",
    results=shape("EventRow", **EVENT, **texts("trace_id", "session_id", "user_id"))(many=True),
    next=next_cursor(),
)
Totals = shape(
    "Totals",
    **counts(*TOKENS, "total_tokens"),
    **numbers("cost_usd"),
    span_count=serializers.IntegerField(),
    spans_by_kind=serializers.DictField(child=serializers.IntegerField()),
)
Trace = shape(
    "Trace",
    trace_id=serializers.CharField(),
    **texts("name", "session_id", "user_id", "environment", "release"),
    tags=words(),
    **texts("model_version", "final_decision"),
    status=serializers.ChoiceField(STATUS),
    is_root_missing=serializers.BooleanField(
        help_text="Spans came, but none without a parent, and nothing else speaks for the trace: see fields.md."
    ),
    started_at=serializers.DateTimeField(allow_null=True),
    **numbers("latency_ms"),
    interactions=InteractionDetail(many=True),
    spans=Span(many=True),
    events=Event(many=True),
    totals=Totals(),
)
Session = shape(
    "Session",
    session_id=serializers.CharField(),
    **texts("user_id"),
    started_at=serializers.DateTimeField(),
    last_at=serializers.DateTimeField(),
    turns=serializers.IntegerField(),
    is_cut=serializers.BooleanField(help_text="Whether there are more turns than `interactions` holds, the first 100."),
    errors=serializers.IntegerField(),
    **numbers("cost_usd"),
    **counts("input_tokens", "output_tokens"),
    interactions=InteractionDetail(many=True),
)
LangfuseProjects = shape(
    "LangfuseProjects",
    data=shape(
        "LangfuseProject",
        id=serializers.CharField(help_text="The short name of the project."),
        name=serializers.CharField(),
        organization=shape("LangfuseOrganization", id=serializers.CharField(), name=serializers.CharField())(),
        metadata=serializers.DictField(help_text="Empty."),
    )(many=True, help_text="The one project of the key."),
)


PAGING = [
    parameter("limit", int, "1 to 500; 50 if absent."),
    parameter("cursor", str, "`next` of the page before."),
]
LIST_PARAMETERS = [
    parameter("session_id", str, "Exactly this session."),
    parameter("user_id", str, "Exactly this user."),
    parameter("model", str, "Exactly this model."),
    parameter("provider", str, "Exactly this provider of the model."),
    parameter("environment", str, "Exactly this environment."),
    parameter("release", str, "Exactly this release of the application."),
    parameter("prompt_name", str, "Exactly this prompt."),
    parameter("prompt_version", str, "Exactly this version of a prompt."),
    parameter("category", str, "Exactly this category."),
    parameter("error_type", str, "Exactly this type of error."),
    parameter("tag", str, "Has this tag."),
    parameter("status", str, "How it ended.", enum=STATUS),
    parameter("feedback", str, "How users rated it: `low` up to 2 of 5, `high` from 4.", enum=list(CHOICES["feedback"])),
    parameter("quality", str, "What evaluations found: `low`, or one that `failed`.", enum=list(CHOICES["quality"])),
    parameter("min_latency_ms", float, "Took at least so many milliseconds."),
    parameter("max_latency_ms", float, "Took less than so many milliseconds."),
    parameter("min_cost_usd", float, "Cost at least so many dollars; what has no known price is left out."),
    parameter("max_cost_usd", float, "Cost less than so many dollars."),
    parameter("since", str, "Asked at this time or later; ISO 8601."),
    parameter("until", str, "Asked before this time; ISO 8601."),
    parameter("q", str, "Words in the question or the answer, in any order; the last one may be a beginning."),
    *PAGING,
]
EVENT_PARAMETERS = [
    parameter("type", str, "Exactly this type."),
    parameter("component", str, "Exactly this component."),
    parameter("action", str, "Exactly this action."),
    parameter("trace_id", str, "Exactly this trace."),
    parameter("session_id", str, "Exactly this session."),
    parameter("user_id", str, "Exactly this user."),
    parameter("since", str, "Happened at this time or later; ISO 8601."),
    parameter("until", str, "Happened before this time; ISO 8601."),
    *PAGING,
]
