"""One description for OpenAPI of each endpoint: its name, what it takes and all that it answers."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    PolymorphicProxySerializer,
)

from interactions.api import examples, schema, schema_reading
from interactions.ingest.otlp.encodings import JSON, PROTOBUF
from observatory.projects.operations import operation, reads

SEND, OTLP, BROWSER = "Send", "OpenTelemetry", "Browser"
ONE_OR_LIST = (
    "One object is answered 201. A list of up to `OBSERVATORY_MAX_BATCH` is answered 207 with a result for each, and a bad "
    "one does not hold up its neighbours. Null stands for absent. Fields that are not listed are kept."
)
ENCODING = OpenApiParameter(
    "Content-Encoding",
    str,
    location=OpenApiParameter.HEADER,
    enum=("gzip", "deflate"),
    description="How the body is compressed, if it is.",
)


def one_or_list(body: type) -> PolymorphicProxySerializer:
    return PolymorphicProxySerializer(
        component_name=f"{body.__name__}OrList",
        serializers=[body, body(many=True)],
        resource_type_field_name=None,
        many=False,
    )


def stores(name: str, summary: str, body: type, stored: type, samples: Mapping[str, Any]) -> Any:
    """An endpoint that takes one object or a list of them."""
    return operation(
        name,
        summary,
        tag=SEND,
        scopes="ingest",
        errors="400 401 403 408 409 413 415 503",
        request={JSON: one_or_list(body)},
        examples=examples_of(samples),
        parameters=[ENCODING],
        description=ONE_OR_LIST,
        responses={
            (201, JSON): OpenApiResponse(stored, "One object was sent and is stored; sent again, it answers the same."),
            (207, JSON): OpenApiResponse(schema.BatchAnswer, "A list was sent: a result for each of its objects."),
        },
    )


def takes_otlp(name: str, summary: str, message: str, samples: Mapping[str, Any] | None = None) -> Any:
    """An endpoint of OTLP over HTTP; it answers in the encoding of the request."""
    content = {"type": "object", "description": f"{message} in the JSON encoding of OTLP.", "additionalProperties": True}
    return operation(
        name,
        summary,
        tag=OTLP,
        scopes="ingest",
        errors="400 401 403 413 415 503",
        error_shape=schema.OtlpError,
        error_types=(PROTOBUF, JSON),
        request={PROTOBUF: OpenApiTypes.BINARY, JSON: content},
        examples=examples_of(samples or {}),
        parameters=[ENCODING],
        responses={
            (200, PROTOBUF): OpenApiResponse(OpenApiTypes.BINARY, "Stored; `partial_success` says what was refused."),
            (200, JSON): OpenApiResponse(schema.ExportAnswer, "Stored; `partialSuccess` says what was refused."),
        },
    )


def lists(name: str, summary: str, description: str) -> Any:
    """A list by pages."""
    parameters = schema_reading.LIST_PARAMETERS
    return reads(
        name, summary, schema_reading.Page, errors="400 401 403 503", parameters=parameters, description=description
    )


def examples_of(samples: Mapping[str, Any]) -> list[OpenApiExample]:
    return [OpenApiExample(name, value=body, request_only=True, media_type=JSON) for name, body in samples.items()]


STORE_INTERACTIONS = stores(
    "sendInteractions",
    "Store interactions",
    schema.InteractionBody,
    schema.InteractionStored,
    examples.INTERACTIONS,
)
STORE_EVENTS = stores("sendEvents", "Store events", schema.EventBody, schema.EventStored, examples.EVENTS)
STORE_SPANS = stores("sendSpans", "Store spans", schema.SpanBody, schema.SpanStored, examples.SPANS)
STORE_BROWSER = operation(
    "sendBrowserMetric",
    "Store metrics of a web page",
    tag=BROWSER,
    scopes="ingest feedback",
    errors="400 401 403 408 409 413 415 503",
    request={JSON: one_or_list(schema.BrowserBody)},
    examples=examples_of(examples.BROWSER),
    parameters=[ENCODING],
    description=ONE_OR_LIST,
    responses={
        (201, JSON): OpenApiResponse(schema.BrowserStored, "One message was sent and is stored."),
        (207, JSON): OpenApiResponse(schema.BatchAnswer, "A list was sent: a result for each of its messages."),
    },
)
TAKE_TRACES = takes_otlp("sendOtlpTraces", "Store spans", "ExportTraceServiceRequest", examples.OTLP_TRACES)
TAKE_TRACES_AT_LANGFUSE = takes_otlp(
    "sendLangfuseTraces", "Store spans, at the path of Langfuse's SDKs", "ExportTraceServiceRequest", examples.OTLP_TRACES
)
LIST_LANGFUSE_PROJECTS = operation(
    "listLangfuseProjects",
    "Say whose the key is, at the path of Langfuse's SDKs",
    tag=OTLP,
    scopes="ingest read",
    errors="400 401 403 503",
    description="What `auth_check()` of Langfuse's SDKs asks: the one project of the key.",
    responses={(200, JSON): OpenApiResponse(schema_reading.LangfuseProjects, "The key is good.")},
)
TAKE_LOGS = takes_otlp("sendOtlpLogs", "Store log records as events", "ExportLogsServiceRequest")
TAKE_METRICS = takes_otlp("sendOtlpMetrics", "Take metrics, and only count them", "ExportMetricsServiceRequest")
LIST_INTERACTIONS = lists(
    "listInteractions", "List interactions, newest first", "Without traces in which no AI step took part."
)
LIST_EVENTS = reads(
    "listEvents",
    "List events, newest first",
    schema_reading.EventPage,
    errors="400 401 403 503",
    parameters=schema_reading.EVENT_PARAMETERS,
)
LIST_TRACES = lists(
    "listTraces",
    "List traces, newest first",
    "Also those in which no AI step took part. The rows are those of interactions.",
)
READ_TRACE = reads("readTrace", "Read a trace", schema_reading.Trace)
READ_TRACE_AT_ROOT = reads("readTraceAtRoot", "Read a trace, at its older path", schema_reading.Trace)
READ_SESSION = reads("readSession", "Read a session", schema_reading.Session)
