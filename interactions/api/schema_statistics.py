"""The shapes of the statistics for OpenAPI."""

from rest_framework import serializers

from interactions.reading.system_statistics import TOKENS
from observatory.metrics.api.answers import QUANTILES
from observatory.metrics.api.shapes import WINDOW_PARAMETERS
from observatory.projects.operations import Fields, reads, shape


def number(help_text: str = "") -> serializers.Field:
    return serializers.FloatField(allow_null=True, help_text=help_text)


def count(help_text: str = "") -> serializers.Field:
    return serializers.IntegerField(help_text=help_text)


def counts(help_text: str) -> serializers.Field:
    return serializers.DictField(child=serializers.IntegerField(), help_text=help_text)


Spread = shape(
    "Spread",
    n=count("How many values."),
    **{name: number() for name in ("mean", "min", "max", "stddev")},
    **{name: number("Within 1 %.") for name in QUANTILES},
)
Tokens = shape("Tokens", **{name: count() for name in TOKENS})
COMMON: Fields = {
    "since": serializers.DateTimeField(),
    "until": serializers.DateTimeField(),
    "requests": count("Interactions."),
    "errors": count("Of these, failed."),
    "error_rate": number("From 0 to 1; null without requests."),
    "sessions": count("Different sessions."),
    "latency_ms": Spread(allow_null=True),
    "latency_categories": counts("excellent below 1 s, good below 2 s, acceptable below 5 s, else poor."),
    "confidence": Spread(allow_null=True),
    "tokens": Tokens(),
    "cost_usd": number("Of the requests whose price is known; null if none is."),
    "priced": count("How many requests the cost is made of."),
}
ModelShare = shape(
    "ModelShare",
    model=serializers.CharField(),
    requests=count(),
    share=number("Of all requests, from 0 to 1."),
    error_rate=number(),
    latency_ms=Spread(allow_null=True),
    tokens=Tokens(),
    cost_usd=number(),
)
CostPoint = shape("CostPoint", start=serializers.DateTimeField(), cost_usd=number())
CostTrend = shape(
    "CostTrend",
    resolution=serializers.CharField(help_text="1h or 1d."),
    points=CostPoint(many=True, help_text="Ascending; without hours or days that cost nothing."),
    previous_usd=number("Of as long a time before."),
    change=number("Against it: 0.1 is 10 % more. Null if there was no cost."),
)
SystemStatistics = shape(
    "SystemStatistics",
    **COMMON,
    users=count("Different users."),
    cost_trend=CostTrend(),
    models=ModelShare(many=True, help_text="The most used first."),
    activity=serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()),
        help_text="Requests by weekday, Monday first, and hour, in UTC: of the last 28 days of the window at most.",
    ),
)
UserStatistics = shape(
    "UserStatistics",
    user_id=serializers.CharField(),
    **COMMON,
    models=counts("Requests by model."),
    first_at=serializers.DateTimeField(allow_null=True),
    last_at=serializers.DateTimeField(allow_null=True),
    is_cut=serializers.BooleanField(help_text="Whether the figures are those of the latest 100,000 interactions only."),
)

READ_SYSTEM = reads(
    "readSystemStatistics",
    "Read the statistics of the project",
    SystemStatistics,
    errors="400 401 403 503",
    parameters=WINDOW_PARAMETERS,
    description="From the buckets of the metrics: they also tell of times whose interactions were deleted for their age.",
)
READ_USER = reads(
    "readUserStatistics",
    "Read the statistics of a user",
    UserStatistics,
    errors="400 401 403 503",
    parameters=WINDOW_PARAMETERS,
    description="From the interactions that are still stored. A user without any is answered with zeros.",
)
