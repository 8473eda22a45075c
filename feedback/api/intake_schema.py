"""The shapes of scores that are sent, for OpenAPI."""

from rest_framework import serializers

from interactions.api.schema import free, moment, names_of, texts, value
from observatory.projects.operations import ErrorDetail, shape

ScoreBody = shape(
    "ScoreBody",
    id=serializers.CharField(
        required=False, max_length=64, help_text="Yours: sent again, it replaces. Absent: one is made."
    ),
    name=serializers.CharField(max_length=80),
    value=serializers.FloatField(required=False, help_text="On the score's own scale. True and false are 1 and 0."),
    **texts("label", limit=120),
    passed=serializers.BooleanField(required=False),
    **texts("comment", limit=2000),
    interaction_id=serializers.UUIDField(required=False, help_text="Of an interaction. It counts before `trace_id`."),
    trace_id=serializers.CharField(required=False, max_length=64, help_text="The first answer of the trace is meant."),
    **texts("span_id", limit=64),
    session_id=serializers.CharField(required=False, max_length=128, help_text="Alone: it is said of the session."),
    **texts("user_id", limit=128),
    **texts("environment", limit=60),
    version=serializers.CharField(required=False, max_length=120, help_text="Of what computed it."),
    occurred_at=moment(),
    metadata=free(),
)
ScoreStored = shape(
    "ScoreStored",
    **names_of("score_id"),
    is_waiting=serializers.BooleanField(help_text="Whether its interaction has not come yet; it is tied when it comes."),
)
ScoreResult = shape(
    "ScoreResult",
    index=serializers.IntegerField(),
    status=serializers.IntegerField(),
    score_id=serializers.CharField(required=False),
    is_waiting=serializers.BooleanField(required=False),
    error=ErrorDetail(required=False),
)
ScoreBatchAnswer = shape("ScoreBatchAnswer", results=ScoreResult(many=True))

LANGFUSE_TYPES = ("NUMERIC", "BOOLEAN", "CATEGORICAL", "TEXT", "CORRECTION")
LangfuseScore = shape(
    "LangfuseScore",
    id=serializers.CharField(required=False, max_length=64),
    name=serializers.CharField(max_length=80),
    value=value("A number, a flag or a text, as `dataType` says; without it as it is."),
    dataType=serializers.ChoiceField(LANGFUSE_TYPES, required=False),
    **texts("traceId", "observationId", limit=64),
    **texts("sessionId", limit=128),
    **texts("comment"),
    **texts("environment", limit=60),
    timestamp=moment(),
    metadata=value(),
    **texts("configId"),
)
LangfuseAccepted = shape("LangfuseAccepted", message=serializers.CharField(), id=serializers.CharField(required=False))
LangfuseRefusal = shape("LangfuseRefusal", message=serializers.CharField())
LangfuseResults = shape(
    "LangfuseResults",
    accepted=serializers.IntegerField(),
    rejected=serializers.IntegerField(),
    errors=LangfuseRefusal(many=True),
)
LangfuseEvent = shape(
    "LangfuseEvent",
    id=serializers.CharField(),
    type=serializers.CharField(help_text="`score-create`; of others it is said that they are not taken."),
    timestamp=moment(),
    body=serializers.DictField(),
)
LangfuseBatch = shape("LangfuseBatch", batch=LangfuseEvent(many=True), metadata=free())
LangfuseSuccess = shape("LangfuseSuccess", id=serializers.CharField(), status=serializers.IntegerField())
LangfuseError = shape(
    "LangfuseError",
    id=serializers.CharField(allow_blank=True),
    status=serializers.IntegerField(),
    **names_of("message", "error"),
)
LangfuseBatchAnswer = shape("LangfuseBatchAnswer", successes=LangfuseSuccess(many=True), errors=LangfuseError(many=True))
