"""How an endpoint is described for OpenAPI: its name, scopes, and all that it answers."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

JSON, PROTOBUF = "application/json", "application/x-protobuf"
READ = "Read"
# Why each status is answered; the codes stand in docs/reference/api.md.
WHY = {
    400: "The body or a parameter is wrong; `field` says where.",
    401: "There is no key, or it is unknown, revoked or expired.",
    403: "The key does not have the scope.",
    404: "There is no such thing in the project of the key.",
    408: "The body did not arrive within 120 seconds.",
    409: "Another body is stored under this id; a stored record never changes.",
    413: "The body, or the list in it, is too large.",
    415: "The Content-Encoding or Content-Type is not understood.",
    503: "The database is busy or away, or too many requests wait: try again after `Retry-After` seconds.",
}
Fields = dict[str, serializers.Field]


def shape(name: str, /, **fields: serializers.Field) -> type[serializers.Serializer]:
    """A serializer class of that name, made of fields."""
    return type(name, (serializers.Serializer,), fields)


ErrorDetail = shape(
    "ErrorDetail",
    code=serializers.CharField(help_text="A fixed word for programs."),
    reason=serializers.CharField(help_text="A sentence for people."),
    field=serializers.CharField(required=False, help_text="The path of what is wrong, for example passages[2].score."),
)
ErrorAnswer = shape("ErrorAnswer", error=ErrorDetail())


def operation(name: str, summary: str, *, tag: str, scopes: str, errors: str, **more: Any) -> Any:
    """The decorator of one endpoint. `errors`: statuses of its error answers; `scopes`: a key needs one of them."""
    answers = dict(more.pop("responses"))
    error_shape = more.pop("error_shape", ErrorAnswer)
    types = more.pop("error_types", (JSON,))
    for status in map(int, errors.split()):
        for media_type in types:
            body = OpenApiTypes.BINARY if media_type == PROTOBUF else error_shape
            answers[status, media_type] = OpenApiResponse(body, WHY[status])
    extensions = {"x-scopes": scopes.split()}
    return extend_schema(operation_id=name, summary=summary, tags=[tag], responses=answers, extensions=extensions, **more)


def reads(name: str, summary: str, answer: Any, *, errors: str = "400 401 403 404 503", **more: Any) -> Any:
    """The decorator of an endpoint that only reads."""
    return operation(
        name,
        summary,
        tag=READ,
        scopes="read",
        errors=errors,
        responses={(200, JSON): OpenApiResponse(answer, "Found.")},
        **more,
    )


def parameter(name: str, kind: Any, description: str, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, kind, description=description, **more)
