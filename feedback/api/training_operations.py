"""The description of the training export for OpenAPI."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from feedback.api.operations import FEEDBACK
from feedback.training.files import MOST_STREAMED
from observatory.projects.operations import JSON, operation, parameter, shape

TrainingCard = shape(
    "TrainingCard",
    format=serializers.CharField(),
    file=serializers.CharField(),
    sha256=serializers.CharField(help_text="Of the lines that `format=jsonl` answers with the same parameters."),
    bytes=serializers.IntegerField(),
    project=serializers.CharField(),
    made_at=serializers.DateTimeField(),
    rows=serializers.IntegerField(),
    left_out=serializers.IntegerField(help_text="By filters, or because their whole texts are gone."),
    is_cut=serializers.BooleanField(help_text="Whether there are more rows than one answer has."),
    filters=serializers.DictField(),
    first_asked_at=serializers.DateTimeField(allow_null=True),
    last_asked_at=serializers.DateTimeField(allow_null=True),
    order=serializers.CharField(),
    rows_by=serializers.DictField(help_text="How many rows have which rating, label, model, category, environment."),
    versions=serializers.DictField(help_text="Versions of the methods that made computed scores."),
    labels=serializers.DictField(child=serializers.CharField(), help_text="Where each label comes from."),
    known_limits=serializers.ListField(child=serializers.CharField()),
    not_in_it=serializers.ListField(child=serializers.CharField()),
    legal_hold=serializers.BooleanField(),
)
SWITCH = ["true", "false"]
EXPORT_TRAINING = operation(
    "exportTraining",
    "Export answers that people rated or reviewed",
    tag=FEEDBACK,
    scopes="manage",
    errors="400 401 403 503",
    description=(
        f"A line of JSON for each, by the time of the question; the first {MOST_STREAMED:,} of what is asked for. The same "
        "data give the same bytes. `format=card` answers the data card of these lines."
    ),
    parameters=[
        parameter("format", str, "`jsonl` if absent.", enum=["jsonl", "card"]),
        parameter("min_rating", float, "Mean rating of its users, at least; 1 to 5."),
        parameter("max_rating", float, "Mean rating of its users, at most; 1 to 5."),
        parameter("since", str, "Asked at this time or later; ISO 8601."),
        parameter("until", str, "Asked before this time; ISO 8601."),
        parameter("judged_min", str, "Least scores of a judge or the application: `deepeval.faithfulness=0.8,...`."),
        parameter("reviewed", str, "Only what a reviewer looked at.", enum=SWITCH),
        parameter("with_signals", str, "With what users did.", enum=SWITCH),
        parameter("with_people", str, "With ids of users and sessions.", enum=SWITCH),
    ],
    responses={
        (200, "application/x-ndjson"): OpenApiResponse(OpenApiTypes.STR, "The lines."),
        (200, JSON): OpenApiResponse(TrainingCard, "The card."),
    },
)
