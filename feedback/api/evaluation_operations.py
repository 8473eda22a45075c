"""What OpenAPI says of evaluations."""

from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework import serializers

from feedback.models import Batch
from observatory.projects.operations import JSON, Fields, operation, parameter, shape

STATUSES = tuple(Batch.Status.values)  # a name of its own in OpenAPI: see settings.py
QUALITY, LOOKS = "Quality", "read manage"


def number(help_text: str = "", **more: object) -> serializers.Field:
    return serializers.FloatField(allow_null=True, help_text=help_text, **more)  # type: ignore[arg-type]


def whole(help_text: str = "", **more: object) -> serializers.Field:
    return serializers.IntegerField(help_text=help_text, **more)  # type: ignore[arg-type]


EvaluationBody = shape(
    "EvaluationBody",
    evaluators=serializers.ListField(child=serializers.CharField(), help_text="Names, as on the page Evaluators."),
    filters=serializers.DictField(
        required=False, child=serializers.CharField(), help_text="Those of `GET /api/v1/interactions`, without its time."
    ),
    interaction_ids=serializers.ListField(
        required=False, child=serializers.UUIDField(), max_length=500, help_text="These and no others."
    ),
    since=serializers.DateTimeField(required=False, help_text="Asked from then on."),
    until=serializers.DateTimeField(required=False, help_text="Asked before. Absent: now."),
    sample_rate=serializers.FloatField(required=False, max_value=1, help_text="Share of the answers, drawn by their ids."),
    most_calls=whole("Budget: calls of the judge.", required=False, min_value=1),
    most_usd=serializers.FloatField(required=False, help_text="Budget in USD. The judge's prices must be known."),
    again=serializers.BooleanField(required=False, help_text="Also what has a verdict of this version."),
)
PlanLine = shape(
    "EvaluationPlanLine",
    evaluator=serializers.CharField(),
    calls=whole("Of the judge."),
    input_tokens=whole(allow_null=True),
    output_tokens=whole(allow_null=True),
    cost_usd=number("Null: the judge's prices are not known."),
    basis=serializers.CharField(help_text="What tokens and cost are estimated from."),
)
EvaluationPlan = shape(
    "EvaluationPlan",
    found=whole("Interactions that pass the filters."),
    is_at_least=serializers.BooleanField(help_text="There are more, further back than one look goes."),
    answers=whole("After sampling. Those that have a verdict are passed by and cost nothing."),
    calls=whole("Of the judge."),
    cost_usd=number("Null: not known."),
    calls_left_today=whole("Null: no limit.", allow_null=True),
    usd_left_today=number("Null: no limit."),
    evaluators=PlanLine(many=True),
)
EvaluationOutcome = shape(
    "EvaluationOutcome",
    version=serializers.CharField(help_text="Of the evaluator, with the judge's model."),
    scored=whole(),
    not_scorable=whole("Nothing could be measured: `reasons`."),
    failed=whole("No verdict, and no score of 0: `failures`. Tried again while that may help."),
    already=whole("Had a verdict of this version before."),
    mean=number("Of the scored."),
    passed=whole("Reached the threshold."),
    judged=whole("Scored against a threshold."),
    pass_rate=number("`passed` of `judged`."),
    pass_rate_interval=serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="Of 95 %, by Wilson: lower and upper end."
    ),
    reasons=serializers.DictField(child=serializers.IntegerField()),
    failures=serializers.DictField(child=serializers.IntegerField()),
)
EVALUATION: Fields = {
    "id": whole(),
    "status": serializers.ChoiceField(STATUSES),
    "reason": serializers.CharField(help_text="Why it is paused, stopped or waits; or empty."),
    "trigger": serializers.ChoiceField(Batch.Trigger.values),
    "evaluators": serializers.ListField(child=serializers.CharField()),
    "filters": serializers.DictField(child=serializers.CharField()),
    "interaction_ids": serializers.ListField(child=serializers.UUIDField()),
    "since": serializers.DateTimeField(allow_null=True),
    "until": serializers.DateTimeField(allow_null=True),
    "sample_rate": serializers.FloatField(),
    "again": serializers.BooleanField(),
    "most_calls": whole(allow_null=True),
    "most_usd": number(),
    "total": whole("Interactions to look at; null until the worker has counted them.", allow_null=True),
    "looked_at": whole(),
    "calls": whole("Of the judge; also those that a process that died may have made."),
    "cost_usd": number("Of the calls whose price is known."),
    "unpriced": whole("Verdicts whose cost is not known."),
    "input_tokens": whole(),
    "output_tokens": whole(),
    "outcomes": serializers.DictField(child=EvaluationOutcome(), help_text="By evaluator."),
    "requested_by": serializers.CharField(),
    "requested_at": serializers.DateTimeField(),
    "started_at": serializers.DateTimeField(allow_null=True),
    "finished_at": serializers.DateTimeField(allow_null=True),
    "waits_until": serializers.DateTimeField(allow_null=True, help_text="Goes on by itself, not before."),
}
Evaluation = shape("Evaluation", **EVALUATION)
EvaluationAsked = shape("EvaluationAsked", **EVALUATION, plan=EvaluationPlan())
EvaluationPage = shape(
    "EvaluationPage", results=Evaluation(many=True), next=serializers.CharField(allow_null=True, help_text="The cursor.")
)
EvaluationAction = shape("EvaluationAction", action=serializers.ChoiceField(("pause", "resume", "stop")))
SAMPLE = OpenApiExample(
    "A tenth of what a model answered",
    value={"evaluators": ["estimate"], "filters": {"model": "gpt-4o"}, "sample_rate": 0.1},
    request_only=True,
    media_type=JSON,
)
ASK = operation(
    "requestEvaluation",
    "Have answers evaluated",
    tag=QUALITY,
    scopes="manage",
    errors="400 401 403 413 415 503",
    request={JSON: EvaluationBody},
    examples=[SAMPLE],
    description="The worker carries it out, within its budget and that of the day. What has a verdict is passed by.",
    responses={(202, JSON): OpenApiResponse(EvaluationAsked, "It waits for the worker.")},
)
PLAN = operation(
    "planEvaluation",
    "Tell what an evaluation would take",
    tag=QUALITY,
    scopes="manage",
    errors="400 401 403 413 415 503",
    request={JSON: EvaluationBody},
    examples=[SAMPLE],
    description="Answers, calls, tokens and cost. Nothing is started.",
    responses={(200, JSON): OpenApiResponse(EvaluationPlan, "An estimate.")},
)
LIST = operation(
    "listEvaluations",
    "List evaluations",
    tag=QUALITY,
    scopes=LOOKS,
    errors="400 401 403 503",
    parameters=[parameter("limit", int, "1 to 100; 50 if absent."), parameter("cursor", str, "`next` of the page before.")],
    responses={(200, JSON): OpenApiResponse(EvaluationPage, "The newest first.")},
)
READ = operation(
    "readEvaluation",
    "Read an evaluation",
    tag=QUALITY,
    scopes=LOOKS,
    errors="400 401 403 404 503",
    responses={(200, JSON): OpenApiResponse(Evaluation, "How far it is, and what came of it.")},
)
CHANGE = operation(
    "changeEvaluation",
    "Pause, resume or stop an evaluation",
    tag=QUALITY,
    scopes="manage",
    errors="400 401 403 404 409 413 415 503",
    request={JSON: EvaluationAction},
    description="What was scored stays. One that has come to its end does not change any more (409).",
    responses={(200, JSON): OpenApiResponse(Evaluation, "As it is now.")},
)
