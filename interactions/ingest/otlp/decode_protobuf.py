"""Protobuf requests to raw spans and log records.

The messages are walked by hand: `MessageToDict` takes five times as long. upb refuses a whole request for one text that
is not UTF-8 or a value nested deeper than 31 maps, as every protobuf decoder must: that is a 400 for all of its spans.
"""

import base64
from collections.abc import Iterator, Sequence
from typing import Any

from google.protobuf.message import DecodeError, Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from interactions.ingest.clean import clean_text
from interactions.ingest.otlp.ids import parent_id_of, span_id_of, trace_id_of
from interactions.ingest.otlp.limits import (
    SHORT_LIST,
    Limits,
    are_short_texts,
    held_nested,
    held_text,
    hold_keys,
    plain_number,
)
from interactions.ingest.otlp.raw import RawEvent, RawLog, RawSpan, Source
from interactions.ingest.otlp.times import checked_end, checked_start
from interactions.ingest.otlp.vectors import is_vector
from interactions.ingest.otlp.walk import hold_groups, read_all
from interactions.ingest.records import Refusal
from observatory.core.errors import ApiError

STATUS_ERROR = 2
KIND_SERVER = 2
EXACT = frozenset({"int_value", "bool_value", "string_value"})
NESTED = ("array_value", "kvlist_value")


def decode_spans(body: bytes) -> tuple[list[RawSpan], list[Refusal]]:
    """Return the good spans of a request and a refusal for each other; raises ApiError `undecodable`."""
    limits = Limits.current()
    groups = _parsed(ExportTraceServiceRequest, body).resource_spans
    return read_all(_lists(groups, "scope_spans", "spans", limits), _span, limits)


def decode_logs(body: bytes) -> tuple[list[RawLog], list[Refusal]]:
    """Return the good log records of a request and a refusal for each other; raises ApiError `undecodable`."""
    limits = Limits.current()
    groups = _parsed(ExportLogsServiceRequest, body).resource_logs
    return read_all(_lists(groups, "scope_logs", "log_records", limits), _log, limits)


def count_data_points(body: bytes) -> int:
    """Return the number of points of a metrics request; raises ApiError `undecodable`."""
    request = _parsed(ExportMetricsServiceRequest, body)
    metrics = (metric for group in request.resource_metrics for scoped in group.scope_metrics for metric in scoped.metrics)
    kinds = ((metric, metric.WhichOneof("data")) for metric in metrics)
    return sum(len(getattr(metric, kind).data_points) for metric, kind in kinds if kind)


def _parsed(message_class: type[Message], body: bytes) -> Any:
    message = message_class()
    try:
        message.ParseFromString(body)
    except DecodeError as error:
        raise ApiError("undecodable", f"The body is not the protobuf message of this path: {error}") from None
    return message


def _lists(groups: Sequence[Any], scopes: str, items: str, limits: Limits) -> Iterator[tuple[Source, Sequence[Any]]]:
    """Yield the lists of spans or log records, each with what its members share."""
    for group in hold_groups(groups, limits):
        resource = _resource(group, limits)
        for scoped in getattr(group, scopes):
            yield Source(resource, clean_text(scoped.scope.name[: limits.key_chars])), getattr(scoped, items)


def _resource(group: Any, limits: Limits) -> dict[str, Any]:
    """Return the attributes of a resource, or what can be kept of them: no span is at fault for its resource."""
    try:
        return _attributes(group.resource.attributes, limits)
    except ApiError:
        return {}


def _span(span: Any, source: Source, index: int, limits: Limits) -> RawSpan:
    trace_id = trace_id_of(span.trace_id)
    span_id = span_id_of(span.span_id)
    start_ns = checked_start(span.start_time_unix_nano)
    status = span.status
    return RawSpan(
        index,
        source,
        trace_id,
        span_id,
        parent_id_of(span.parent_span_id),
        held_text(span.name, limits, "name"),
        start_ns,
        checked_end(span.end_time_unix_nano, start_ns),
        status.code == STATUS_ERROR,
        span.kind == KIND_SERVER,
        held_text(status.message, limits, "status.message"),
        _attributes(span.attributes, limits),
        _events(span.events, limits),
    )


def _events(events: Sequence[Any], limits: Limits) -> list[RawEvent]:
    limits.take(len(events))
    return [_event(event, limits) for event in events]


def _event(event: Any, limits: Limits) -> RawEvent:
    return RawEvent(
        held_text(event.name, limits, "events.name"), event.time_unix_nano, _attributes(event.attributes, limits)
    )


def _log(record: Any, source: Source, index: int, limits: Limits) -> RawLog:
    return RawLog(
        index,
        source,
        trace_id_of(record.trace_id) if any(record.trace_id) else "",
        span_id_of(record.span_id) if any(record.span_id) else "",
        record.time_unix_nano or record.observed_time_unix_nano,
        held_text(record.event_name, limits, "eventName"),
        held_text(record.severity_text, limits, "severityText"),
        record.severity_number,
        _value(record.body, "body", limits),
        _attributes(record.attributes, limits),
    )


def _attributes(pairs: Sequence[Any], limits: Limits) -> dict[str, Any]:
    limits.take_pairs(len(pairs))
    found: dict[str, Any] = {}
    longest = limits.text_chars
    for pair in pairs:
        value = pair.value
        # Most values are texts, and reading the field is cheaper than asking which one is set.
        text = value.string_value
        if not text:
            key = pair.key
            kind = value.WhichOneof("value")
            if kind in EXACT:
                found[key] = getattr(value, kind)
            elif not (kind == "array_value" and is_vector(key)):
                found[key] = _value(value, key, limits)
        elif len(text) > longest or "\x00" in text:
            found[pair.key] = held_text(text, limits, pair.key)
        else:
            found[pair.key] = text
    return hold_keys(found, limits)


def _value(value: Any, field: str, limits: Limits) -> Any:
    kind = value.WhichOneof("value")
    if kind == "string_value":
        return held_text(value.string_value, limits, field)
    if kind == "array_value":
        items = value.array_value.values
        texts = [item.string_value for item in items] if len(items) <= SHORT_LIST else []
        if texts and are_short_texts(texts):
            return texts
    found = _plain(value, limits)
    return held_nested(found, field) if kind in NESTED else found


def _plain(value: Any, limits: Limits) -> Any:
    """Return an AnyValue as plain JSON. upb bounds the depth."""
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    if kind == "array_value":
        limits.take(len(value.array_value.values))
        return [_plain(item, limits) for item in value.array_value.values]
    if kind == "kvlist_value":
        limits.take(len(value.kvlist_value.values))
        return {pair.key: _plain(pair.value, limits) for pair in value.kvlist_value.values}
    if kind == "bytes_value":
        return base64.b64encode(value.bytes_value).decode()
    if kind == "double_value":
        return plain_number(value.double_value)
    return getattr(value, kind)
