"""The shapes of feedback and scores for OpenAPI."""

from typing import Any

from rest_framework import serializers

from feedback.api.parse import KINDS
from feedback.models.score import MAX_COMMENT
from interactions.api.schema import free, moment, texts
from observatory.projects.operations import ErrorDetail, Fields, shape

INTERACTION = "Of an interaction. It counts before `trace_id`."
SAID_AT = "When it was said: ISO 8601, or seconds or milliseconds since 1970. Absent: now."


def stars(**more: Any) -> serializers.Field:
    return serializers.IntegerField(min_value=1, max_value=5, **more)


def helpful() -> serializers.Field:
    return serializers.BooleanField(required=False, help_text="A thumb up, or down.")


# ---- what is sent ----

SAID: Fields = {
    "comment": serializers.CharField(required=False, max_length=MAX_COMMENT),
    **texts("category", limit=120),
    **texts("user_id", limit=128),
}
TARGET: Fields = {
    "interaction_id": serializers.UUIDField(required=False, help_text=INTERACTION),
    "trace_id": serializers.CharField(required=False, max_length=64, help_text="The first answer of the trace is meant."),
    "session_id": serializers.CharField(required=False, max_length=128, help_text="Alone: it is said of the session."),
    **texts("model_version", limit=120),
    "occurred_at": moment(SAID_AT),
    "metadata": free("Any JSON object, kept as it is; with fields that are not listed at most 16 KiB."),
}
ChatFeedbackBody = shape(
    "ChatFeedbackBody",
    interaction_id=serializers.UUIDField(),
    rating=stars(),
    helpful=helpful(),
    **SAID,
)
ExplicitFeedbackBody = shape(
    "ExplicitFeedbackBody",
    rating=stars(required=False),
    thumbs=serializers.ChoiceField(("up", "down"), required=False, help_text="Or `helpful`."),
    helpful=helpful(),
    **SAID,
    **TARGET,
)
ImplicitFeedbackBody = shape(
    "ImplicitFeedbackBody",
    signal=serializers.ChoiceField(sorted(KINDS)),
    id=serializers.CharField(
        required=False, max_length=64, help_text="Yours: each id counts. Absent: a kind counts once an answer and user."
    ),
    **texts("user_id", limit=128),
    **TARGET,
)

# ---- what is answered ----

FeedbackStored = shape("FeedbackStored", feedback_id=serializers.UUIDField())
FeedbackTaken = shape(
    "FeedbackTaken",
    feedback_id=serializers.UUIDField(),
    is_waiting=serializers.BooleanField(help_text="Whether its interaction has not come yet; it is tied when it comes."),
)
FeedbackResult = shape(
    "FeedbackResult",
    index=serializers.IntegerField(),
    status=serializers.IntegerField(),
    feedback_id=serializers.UUIDField(required=False),
    is_waiting=serializers.BooleanField(required=False),
    error=ErrorDetail(required=False),
)
FeedbackBatchAnswer = shape("FeedbackBatchAnswer", results=FeedbackResult(many=True))
