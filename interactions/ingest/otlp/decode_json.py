"""JSON requests to raw spans and log records, by the rules of OTLP/JSON.

Ids are hex in any case, enumerations integers, 64-bit integers texts or numbers, unknown fields are ignored. protobuf's
own JSON parser reads the ids wrongly and takes ten times as long.
"""

from collections.abc import Iterator
from typing import Any

from interactions.ingest.otlp.ids import bytes_of_hex, parent_id_of, span_id_of, trace_id_of
from interactions.ingest.otlp.json_text import loads
from interactions.ingest.otlp.json_values import SPARE_LEVELS, attributes_of, plain, whole
from interactions.ingest.otlp.limits import Limits, held_nested, held_text
from interactions.ingest.otlp.raw import RawEvent, RawLog, RawSpan, Source
from interactions.ingest.otlp.times import MAX_NS, checked_end, checked_start
from interactions.ingest.otlp.walk import hold_groups, read_all
from interactions.ingest.records import Refusal
from observatory.core.errors import ApiError

MAX_SEVERITY = 24
STATUS_ERROR = (2, "STATUS_CODE_ERROR")  # the name is against the rules, and sent all the same
KIND_SERVER = (2, "SPAN_KIND_SERVER")


def decode_spans(body: bytes) -> tuple[list[RawSpan], list[Refusal]]:
    """Return the good spans of a request and a refusal for each other; raises ApiError `undecodable`."""
    limits = Limits.current()
    return read_all(_lists(body, ("resourceSpans", "scopeSpans", "spans"), limits), _span, limits)


def decode_logs(body: bytes) -> tuple[list[RawLog], list[Refusal]]:
    """Return the good log records of a request and a refusal for each other; raises ApiError `undecodable`."""
    limits = Limits.current()
    return read_all(_lists(body, ("resourceLogs", "scopeLogs", "logRecords"), limits), _log, limits)


def count_data_points(body: bytes) -> int:
    """Return the number of points of a metrics request; raises ApiError `undecodable`."""
    count = 0
    for group in _objects(_object(loads(body)), "resourceMetrics"):
        for scoped in _objects(group, "scopeMetrics"):
            for metric in _objects(scoped, "metrics"):
                data = (value for value in metric.values() if isinstance(value, dict))
                count += sum(len(_objects(value, "dataPoints")) for value in data)
    return count


def _lists(body: bytes, names: tuple[str, str, str], limits: Limits) -> Iterator[tuple[Source, list[Any]]]:
    """Yield the lists of spans or log records, each with what its members share."""
    groups, scopes, items = names
    for group in hold_groups(_objects(_object(loads(body)), groups), limits):
        resource = _resource(group, limits)
        for scoped in _objects(group, scopes):
            yield Source(resource, _scope_name(scoped, limits)), _list(scoped, items)


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ApiError("undecodable", "The body is not an OTLP request: an object was expected.")
    return value


def _list(parent: dict[str, Any], name: str) -> list[Any]:
    value = parent.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise ApiError("undecodable", "The body is not an OTLP request: a list was expected.", field=name)
    return value


def _objects(parent: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [_object(item) for item in _list(parent, name)]


def _record(item: Any) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise ApiError("malformed", "an object was expected")
    return item


def _resource(group: dict[str, Any], limits: Limits) -> dict[str, Any]:
    """Return the attributes of a resource, or what can be kept of them: no span is at fault for its resource."""
    resource = group.get("resource")
    try:
        return attributes_of(resource.get("attributes"), limits) if isinstance(resource, dict) else {}
    except ApiError:
        return {}


def _scope_name(scoped: dict[str, Any], limits: Limits) -> str:
    scope = scoped.get("scope")
    name = scope.get("name") if isinstance(scope, dict) else None
    return name[: limits.key_chars] if isinstance(name, str) else ""


def _span(item: Any, source: Source, index: int, limits: Limits) -> RawSpan:
    span = _record(item)
    trace_id = trace_id_of(bytes_of_hex(span.get("traceId"), "bad_trace_id", "traceId"))
    span_id = span_id_of(bytes_of_hex(span.get("spanId"), "bad_span_id", "spanId"))
    start_ns = checked_start(_time(span, "startTimeUnixNano"))
    status = _record(span.get("status") or {})
    return RawSpan(
        index,
        source,
        trace_id,
        span_id,
        parent_id_of(bytes_of_hex(span.get("parentSpanId"), "bad_span_id", "parentSpanId")),
        _text(span, "name", limits),
        start_ns,
        checked_end(_time(span, "endTimeUnixNano"), start_ns),
        status.get("code") in STATUS_ERROR,
        span.get("kind") in KIND_SERVER,
        _text(status, "message", limits),
        attributes_of(span.get("attributes"), limits),
        _events(_records(span, "events"), limits),
    )


def _events(events: list[Any], limits: Limits) -> list[RawEvent]:
    limits.take(len(events))
    return [_event(_record(event), limits) for event in events]


def _event(event: dict[str, Any], limits: Limits) -> RawEvent:
    return RawEvent(
        _text(event, "name", limits), _time(event, "timeUnixNano"), attributes_of(event.get("attributes"), limits)
    )


def _log(item: Any, source: Source, index: int, limits: Limits) -> RawLog:
    record = _record(item)
    trace_id = bytes_of_hex(record.get("traceId"), "bad_trace_id", "traceId")
    span_id = bytes_of_hex(record.get("spanId"), "bad_span_id", "spanId")
    body = plain(record.get("body"), limits, limits.nesting + SPARE_LEVELS)
    number = whole(record.get("severityNumber") or 0)
    return RawLog(
        index,
        source,
        trace_id_of(trace_id) if any(trace_id) else "",
        span_id_of(span_id) if any(span_id) else "",
        _time(record, "timeUnixNano") or _time(record, "observedTimeUnixNano"),
        _text(record, "eventName", limits),
        _text(record, "severityText", limits),
        number if isinstance(number, int) and 0 <= number <= MAX_SEVERITY else 0,
        held_nested(body, "body"),
        attributes_of(record.get("attributes"), limits),
    )


def _records(parent: dict[str, Any], name: str) -> list[Any]:
    value = parent.get(name) or []
    if not isinstance(value, list):
        raise ApiError("malformed", "a list was expected", field=name)
    return value


def _text(parent: dict[str, Any], name: str, limits: Limits) -> str:
    value = parent.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ApiError("malformed", "a text was expected", field=name)
    return held_text(value, limits, name)


def _time(parent: dict[str, Any], name: str) -> int:
    value = whole(parent.get(name) or 0)
    if not isinstance(value, int) or not 0 <= value < MAX_NS:
        raise ApiError("bad_time", "not a number of nanoseconds", field=name)
    return value
