"""One description for OpenAPI of each endpoint that takes scores of applications."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse

from feedback.api import intake_schema as schema
from interactions.api.operations import ENCODING, examples_of, one_or_list
from observatory.projects.operations import JSON, operation

FEEDBACK = "Feedback"
TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
LANGFUSE = {
    "id": "7d1e05fc818a4600",
    "traceId": TRACE_ID,
    "name": "helpfulness",
    "value": 0.9,
    "dataType": "NUMERIC",
    "comment": "Answers all of it.",
}
SCORES: dict[str, Any] = {
    "a number, of a trace": {"trace_id": TRACE_ID, "name": "faithfulness", "value": 0.82, "version": "ragas 0.3"},
    "a verdict in a word, of an interaction": {
        "id": "run-17-4",
        "interaction_id": "0b6f3d1e-6f0a-4d1c-9a7e-2f7a4c0f5e11",
        "name": "policy",
        "label": "violates",
        "passed": False,
        "comment": "Names a price that is not in the list.",
    },
    "several at once": [
        {"session_id": "chat-81", "name": "goal reached", "value": 1},
        {"trace_id": TRACE_ID, "span_id": "00f067aa0ba902b7", "name": "retrieval", "value": 3},
    ],
}
AGAIN = (
    "An `id` sent again replaces the score. A score of an interaction or a trace that has not come yet waits for it. Null "
    "stands for absent. Fields that are not listed are kept."
)
ERRORS = "400 401 403 408 409 413 415 503"

SEND_SCORES = operation(
    "sendScores",
    "Store scores",
    tag=FEEDBACK,
    scopes="ingest",
    errors=ERRORS,
    request={JSON: one_or_list(schema.ScoreBody)},
    examples=examples_of(SCORES),
    parameters=[ENCODING],
    description=AGAIN,
    responses={
        (201, JSON): OpenApiResponse(schema.ScoreStored, "One object was sent and is stored."),
        (207, JSON): OpenApiResponse(schema.ScoreBatchAnswer, "A list was sent: a result for each of its objects."),
    },
)
SEND_LANGFUSE_SCORES = operation(
    "sendLangfuseScores",
    "Store scores, at the path of Langfuse's SDK",
    tag=FEEDBACK,
    scopes="ingest",
    errors=ERRORS,
    request={JSON: one_or_list(schema.LangfuseScore)},
    examples=examples_of({"a list": [LANGFUSE]}),
    parameters=[ENCODING],
    description="As Langfuse's Python SDK sends them from version 5 on, in bodies of at most 1 MB.",
    responses={
        (202, JSON): OpenApiResponse(schema.LangfuseAccepted, "All are stored."),
        (207, JSON): OpenApiResponse(schema.LangfuseResults, "Some were refused: do not send the list again."),
    },
)
SEND_LANGFUSE_EVENTS = operation(
    "sendLangfuseEvents",
    "Store scores, at the older path of Langfuse's SDKs",
    tag=FEEDBACK,
    scopes="ingest",
    errors="400 401 403 408 413 415 503",
    request={JSON: schema.LangfuseBatch},
    examples=examples_of({"a score": {"batch": [{"id": "e-1", "type": "score-create", "body": LANGFUSE}]}}),
    parameters=[ENCODING],
    description="As Langfuse's SDKs of versions 2 to 4 send them. Only `score-create` is taken.",
    responses={(207, JSON): OpenApiResponse(schema.LangfuseBatchAnswer, "What became of each event.")},
)
