"""OTLP requests for the tests, built with the official messages."""

import base64
from typing import Any

import orjson
from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from interactions.ingest.otlp.encodings import JSON, PROTOBUF
from interactions.ingest.otlp.traces import parse_traces
from interactions.ingest.records import Refusal, SpanRecord

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
SPAN_ID = "b7ad6b7169203331"
START_NS = 1_767_225_600_000_000_000
END_NS = START_NS + 1_500_000_000
ID_FIELDS = ("traceId", "spanId", "parentSpanId")


def any_value(value: Any) -> AnyValue:
    if value is None:
        return AnyValue()
    if isinstance(value, dict):
        return AnyValue(kvlist_value=KeyValueList(values=pairs(value)))
    if isinstance(value, list):
        return AnyValue(array_value=ArrayValue(values=[any_value(item) for item in value]))
    fields = {str: "string_value", bool: "bool_value", int: "int_value", float: "double_value", bytes: "bytes_value"}
    return AnyValue(**{fields[type(value)]: value})


def pairs(attributes: dict[str, Any]) -> list[KeyValue]:
    return [KeyValue(key=key, value=any_value(value)) for key, value in attributes.items()]


def span(attributes: dict[str, Any] | None = None, **changes: Any) -> Span:
    """A good span; `events` are (name, nanoseconds after the start, attributes)."""
    events = changes.pop("events", ())
    fields = {
        "trace_id": bytes.fromhex(TRACE_ID),
        "span_id": bytes.fromhex(SPAN_ID),
        "name": "chat",
        "start_time_unix_nano": START_NS,
        "end_time_unix_nano": END_NS,
    } | changes
    built = Span(attributes=pairs(attributes or {}), **fields)
    for name, after_ns, more in events:
        built.events.add(name=name, time_unix_nano=START_NS + after_ns, attributes=pairs(more))
    return built


def request(*spans: Span, resource: dict[str, Any] | None = None, scope: str = "") -> ExportTraceServiceRequest:
    built = ExportTraceServiceRequest()
    group = built.resource_spans.add()
    group.resource.attributes.extend(pairs(resource or {}))
    scoped = group.scope_spans.add()
    scoped.scope.name = scope
    scoped.spans.extend(spans)
    return built


def as_json(message: ExportTraceServiceRequest | ExportLogsServiceRequest) -> bytes:
    """The message in OTLP's own JSON, whose ids are hex."""
    found = MessageToDict(message, use_integers_for_enums=True)
    _ids_to_hex(found)
    return orjson.dumps(found)


def _ids_to_hex(value: Any) -> None:
    if isinstance(value, dict):
        value |= {name: base64.b64decode(value[name]).hex() for name in ID_FIELDS if name in value}
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _ids_to_hex(item)


def parsed(*spans: Span, resource: dict[str, Any] | None = None, scope: str = "") -> tuple[list[SpanRecord], list[Refusal]]:
    """Parse through both encodings, which must agree."""
    message = request(*spans, resource=resource, scope=scope)
    found = parse_traces(message.SerializeToString(), PROTOBUF)
    assert parse_traces(as_json(message), JSON) == found
    return found


def read(attributes: dict[str, Any], **changes: Any) -> SpanRecord:
    """The record of one span with these attributes."""
    resource, scope = changes.pop("resource", None), changes.pop("scope", "")
    records, refusals = parsed(span(attributes, **changes), resource=resource, scope=scope)
    assert not refusals
    return records[0]
