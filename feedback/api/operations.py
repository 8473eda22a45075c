"""One description for OpenAPI of each endpoint of feedback: its name, what it takes and all that it answers."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import OpenApiResponse

from feedback.api import examples, schema
from interactions.api.operations import ENCODING, examples_of, one_or_list
from observatory.projects.operations import JSON, operation

FEEDBACK = "Feedback"
SCOPES = "ingest feedback"
AGAIN = (
    "Said again of the same answer by the same user, it replaces what was said before, as a whole, under the same "
    "`feedback_id`. Null stands for absent. Fields that are not listed are kept."
)
ONE_OR_LIST = f"{AGAIN} A list of up to `OBSERVATORY_MAX_BATCH` is answered 207 with a result for each."


def takes(name: str, summary: str, body: type, samples: Mapping[str, Any]) -> Any:
    """An endpoint that takes one object or a list of them."""
    return operation(
        name,
        summary,
        tag=FEEDBACK,
        scopes=SCOPES,
        errors="400 401 403 408 413 415 503",
        request={JSON: one_or_list(body)},
        examples=examples_of(samples),
        parameters=[ENCODING],
        description=ONE_OR_LIST,
        responses={
            (201, JSON): OpenApiResponse(schema.FeedbackTaken, "One object was sent and is stored."),
            (202, JSON): OpenApiResponse(schema.FeedbackTaken, "It is stored and waits for its interaction."),
            (207, JSON): OpenApiResponse(schema.FeedbackBatchAnswer, "A list was sent: a result for each of its objects."),
        },
    )


SEND_CHAT = operation(
    "sendChatFeedback",
    "Rate an interaction",
    tag=FEEDBACK,
    scopes=SCOPES,
    errors="400 401 403 404 408 413 415 503",
    request={JSON: schema.ChatFeedbackBody},
    examples=examples_of(examples.CHAT),
    parameters=[ENCODING],
    description=AGAIN,
    responses={(201, JSON): OpenApiResponse(schema.FeedbackStored, "Stored, or replaced.")},
)
SEND_EXPLICIT = takes("sendExplicitFeedback", "Send what people say", schema.ExplicitFeedbackBody, examples.EXPLICIT)
SEND_EXPLICIT_AT_ROOT = takes(
    "sendExplicitFeedbackAtRoot", "Send what people say, at a shorter path", schema.ExplicitFeedbackBody, examples.EXPLICIT
)
SEND_IMPLICIT = takes("sendImplicitFeedback", "Send what people do", schema.ImplicitFeedbackBody, examples.IMPLICIT)
SEND_IMPLICIT_AT_ROOT = takes(
    "sendImplicitFeedbackAtRoot", "Send what people do, at a shorter path", schema.ImplicitFeedbackBody, examples.IMPLICIT
)
