"""The shapes of the metrics API for OpenAPI."""

from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from observatory.metrics.api.answers import QUANTILES
from observatory.metrics.api.asked import MOST_ANSWERED
from observatory.metrics.catalogue import Goodness, Kind
from observatory.metrics.series import MOST_POINTS, SHOWN
from observatory.projects.operations import JSON, Fields, parameter, reads, shape

RESOLUTIONS = [level.name for level in SHOWN]


def number(help_text: str) -> serializers.Field:
    return serializers.FloatField(required=False, allow_null=True, help_text=help_text)


FIGURES: Fields = {
    "n": serializers.IntegerField(help_text="How many values."),
    "total": number("Their sum; not of distinct."),
    "rate_per_s": number("Total for each second: count and sum."),
    "mean": number("Sum, gauge and distribution."),
    "min": number("Sum, gauge and distribution."),
    "max": number("Sum, gauge and distribution."),
    "last": number("The last value: gauge."),
    "share": number("From 0 to 1: proportion."),
    "distinct": serializers.IntegerField(required=False, help_text="How many different values: distinct."),
    "stddev": number("Standard deviation of the sample: distribution."),
    **{name: number("Within 1 %: distribution.") for name in QUANTILES},
}
Label = shape(
    "MetricLabel",
    name=serializers.CharField(),
    cap=serializers.IntegerField(help_text="How many values are told apart; the others are counted as `other`."),
    empty=serializers.CharField(allow_blank=True, help_text="What stands for no value."),
)
Metric = shape(
    "Metric",
    name=serializers.CharField(),
    unit=serializers.CharField(),
    help=serializers.CharField(),
    kind=serializers.CharField(help_text=f"One of {', '.join(Kind)}."),
    source=serializers.CharField(),
    labels=Label(many=True),
    goodness=serializers.ChoiceField([one.value for one in Goodness], allow_null=True, help_text="Which values are better."),
    prometheus=serializers.ListField(child=serializers.CharField(), help_text="Its names at `/metrics`."),
)
Catalogue = shape("Catalogue", metrics=Metric(many=True))
Figures = shape("Figures", **FIGURES)
Point = shape("Point", start=serializers.DateTimeField(help_text="The beginning of the bucket."), **FIGURES)
Line = shape(
    "Series",
    labels=serializers.DictField(child=serializers.CharField(), help_text="The values of the labels in `by`."),
    summary=Figures(help_text="Of the whole window."),
    points=Point(many=True, help_text="Ascending; a bucket without values has no point."),
)
MetricSeries = shape(
    "MetricSeries",
    metric=Metric(),
    since=serializers.DateTimeField(help_text="The beginning of the first bucket."),
    until=serializers.DateTimeField(),
    resolution=serializers.ChoiceField(RESOLUTIONS),
    resolution_s=serializers.IntegerField(),
    summary=Figures(help_text="Of the whole window and all series of the answer."),
    series=Line(many=True, help_text="The largest first."),
)

WINDOW_PARAMETERS = [
    parameter("since", str, "From this time; ISO 8601. Absent: 24 hours before `until`."),
    parameter("until", str, "Before this time; ISO 8601. Absent: now."),
]
LIST_METRICS = reads(
    "listMetrics",
    "List the metrics",
    Catalogue,
    errors="400 401 403 503",
    description="Every number that Observatory shows, as it is declared.",
)
READ_METRIC = reads(
    "readMetric",
    "Read a metric through time",
    MetricSeries,
    parameters=[
        *WINDOW_PARAMETERS,
        parameter("by", str, "Labels, with commas between: a series for each combination of their values."),
        parameter("where", str, "`label:value` keeps the values with this label; may stand more than once."),
        parameter("resolution", str, "Absent: the finest that is kept and fits.", enum=RESOLUTIONS),
    ],
    description=(
        f"At most {MOST_POINTS:,} points a series and {MOST_ANSWERED:,} in all. "
        "Which figures a point has depends on the kind of the metric."
    ),
)
Query = shape(
    "MetricQuery",
    metric=serializers.CharField(),
    since=serializers.CharField(required=False, help_text="From this time; ISO 8601. Absent: 24 hours before `until`."),
    until=serializers.CharField(required=False, help_text="Before this time; ISO 8601. Absent: now."),
    by=serializers.ListField(child=serializers.CharField(), required=False, help_text="Labels to split by."),
    where=serializers.DictField(child=serializers.CharField(), required=False, help_text="Labels with the value to keep."),
    resolution=serializers.ChoiceField(RESOLUTIONS, required=False, help_text="Absent: the finest that fits."),
    aggregates=serializers.ListField(
        child=serializers.ChoiceField(list(FIGURES)), required=False, help_text="Figures of the answer. Absent: all."
    ),
)
QUERY_METRIC = reads(
    "queryMetric",
    "Query a metric",
    MetricSeries,
    errors="400 401 403 404 413 503",
    request={JSON: Query},
    examples=[
        OpenApiExample(
            "Response times by model",
            value={"metric": "interactions.latency", "by": ["model"], "aggregates": ["p50", "p95"]},
            request_only=True,
            media_type=JSON,
        )
    ],
    description="As `GET /api/v1/metrics/{name}`, with the figures that are wanted.",
)
