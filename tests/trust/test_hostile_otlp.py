"""OTLP out of shape: every field of the JSON encoding, every attribute that a dialect reads, and damaged protobuf."""

import base64
import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict
from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from interactions.ingest.otlp.dialects import EVENTS, LISTS, METADATA, NAMES, PRECEDENCE
from tests.trust import corpus
from tests.trust.afterwards import Ledger, settle
from tests.trust.live import Caller

PROTOBUF = "application/x-protobuf"
START = "1700000000000000000"
SPAN = {
    "traceId": "5" * 32, "spanId": "6" * 16, "parentSpanId": "7" * 16, "name": "chat", "kind": 3, "flags": 1,
    "startTimeUnixNano": START, "endTimeUnixNano": "1700000001000000000", "status": {"code": 2, "message": "failed"},
    "attributes": [
        {"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}}, {"key": "n", "value": {"intValue": "7"}},
        {"key": "d", "value": {"doubleValue": 0.5}}, {"key": "b", "value": {"boolValue": True}},
        {"key": "y", "value": {"bytesValue": "AA=="}},
        {"key": "gen_ai.response.finish_reasons", "value": {"arrayValue": {"values": [{"stringValue": "stop"}]}}},
        {"key": "m", "value": {"kvlistValue": {"values": [{"key": "k", "value": {"stringValue": "v"}}]}}},
    ],
    "events": [{"name": "exception", "timeUnixNano": START,
                "attributes": [{"key": "exception.message", "value": {"stringValue": "x"}}]}],
    "links": [{"traceId": "5" * 32, "spanId": "6" * 16}],
}  # fmt: skip
LOG = {
    "timeUnixNano": START, "observedTimeUnixNano": START, "severityNumber": 9, "severityText": "INFO",
    "eventName": "gen_ai.choice",
    "body": {"kvlistValue": {"values": [{"key": "message", "value": {"stringValue": "hi"}}]}},
    "traceId": "5" * 32, "spanId": "6" * 16,
    "attributes": [{"key": "gen_ai.system", "value": {"stringValue": "openai"}}],
}  # fmt: skip
RESOURCE = {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]}
SHAPES = {
    "/v1/traces": {"resourceSpans": [{"resource": RESOURCE, "scopeSpans": [{"scope": {"name": "s"}, "spans": [SPAN]}]}]},
    "/v1/logs": {"resourceLogs": [{"resource": RESOURCE, "scopeLogs": [{"scope": {"name": "s"}, "logRecords": [LOG]}]}]},
}
LISTED = {"/v1/traces": ("resourceSpans", "scopeSpans", "spans"), "/v1/logs": ("resourceLogs", "scopeLogs", "logRecords")}
IDS = frozenset({"traceId", "spanId", "parentSpanId"})
HOLE = "@@HOLE@@"


@pytest.mark.parametrize("path", SHAPES)
def test_no_value_in_any_field_of_the_json_encoding_breaks_anything(caller: Caller, ledger: Ledger, team, path):
    for place, shape in holes(SHAPES[path]):
        for label in corpus.ODD:
            body = json.dumps(shape).replace(f'"{HOLE}"', corpus.VALUES[label])
            answer = caller.post(path, body.encode(), f"{place}: {label}")
            ledger.note(path[4:], answer, records_in(json.loads(body), LISTED[path]))
    settle(caller, ledger, team, every=5)


def holes(value: Any) -> Iterator[tuple[str, Any]]:
    """Each place of a JSON value, with the whole in which that place alone is a hole."""

    def walk(part: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        for key, inner in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
            yield (*path, key)
            yield from walk(inner, (*path, key))

    for path in walk(value, ()):
        whole = copy.deepcopy(value)
        parent = whole
        for key in path[:-1]:
            parent = parent[key]
        parent[path[-1]] = HOLE
        yield ".".join(map(str, path)), whole


def records_in(value: Any, names: tuple[str, ...]) -> int:
    """The records of a request, whatever they are, so far as its lists can be followed."""
    inner = value.get(names[0]) if isinstance(value, dict) else None
    if not isinstance(inner, list):
        return 0
    return len(inner) if len(names) == 1 else sum(records_in(item, names[1:]) for item in inner)


def attribute_names() -> dict[str, list[str]]:
    """The names that each dialect reads; of lists and metadata, with a few ways to go on."""
    found = {f"dialect {number}": list({**dialect.names, **dialect.kinds}) for number, dialect in enumerate(PRECEDENCE)}
    endings = (
        "",
        "0",
        "0.message.role",
        "0.message.content",
        "0.document.score",
        "0.document.metadata",
        "99999999999.x",
        "-1.a",
        "a.b.c",
        "0.0.0",
        "..",
    )
    found["lists"] = [f"{prefix}{ending}" for prefix in (*LISTS, *METADATA) for ending in endings]
    return found


def any_values(text: str) -> Iterator[dict[str, Any]]:
    """A JSON value as each AnyValue that a client may make of it."""
    value = json.loads(text)
    yield {"stringValue": value if isinstance(value, str) else text}
    if isinstance(value, str):
        yield {"arrayValue": {"values": [{"stringValue": value}, {}, {"arrayValue": {"values": []}}]}}
        yield {"kvlistValue": {"values": [{"key": value, "value": {"stringValue": value}}, {"key": "", "value": {}}]}}
    elif isinstance(value, bool):
        yield {"boolValue": value}
    elif isinstance(value, int | float):
        yield {"intValue": str(int(value))}
        yield {"doubleValue": value}


def spans_with(name: str, number: int) -> Iterator[dict[str, Any]]:
    """Spans with some of the values, other ones for each name."""
    texts = random.Random(name).sample(list(corpus.VALUES.values()), 12)
    for place, value in enumerate(value for text in texts for value in any_values(text)):
        yield span_of(number * 1000 + place, number // 5, [{"key": name, "value": value}])


def span_of(number: int, trace: int, attributes: list[Any]) -> dict[str, Any]:
    return {
        "traceId": f"{trace + 1:032x}", "spanId": f"{number + 1:016x}", "name": "n", "startTimeUnixNano": START,
        "endTimeUnixNano": "1700000001000000000", "attributes": attributes,
        "events": [{"name": list(EVENTS)[number % len(EVENTS)], "timeUnixNano": START, "attributes": attributes}],
    }  # fmt: skip


def test_every_attribute_that_is_read_is_among_those_of_a_dialect():
    assert set(NAMES) <= {name for found in attribute_names().values() for name in found}


@pytest.mark.parametrize("dialect", attribute_names())
def test_no_value_of_an_attribute_that_a_dialect_reads_breaks_anything(caller: Caller, ledger: Ledger, team, dialect):
    for number, name in enumerate(attribute_names()[dialect]):
        _send(caller, ledger, list(spans_with(name, number)), name)
    settle(caller, ledger, team, every=97)


@pytest.mark.parametrize("dialect", attribute_names())
def test_all_attributes_of_a_dialect_at_once_with_hostile_values_break_no_page(
    caller: Caller, ledger: Ledger, team, dialect
):
    all_names = attribute_names()[dialect]
    names = random.Random(7).sample(all_names, min(40, len(all_names)))
    spans = []
    for place, text in enumerate(corpus.VALUES.values()):
        for way, value in enumerate(any_values(text)):
            attributes = [{"key": name, "value": value} for name in names]
            spans.append(span_of(place * 4 + way, place // 10, attributes))
    for start in range(0, len(spans), 50):
        _send(caller, ledger, spans[start : start + 50], dialect)
    settle(caller, ledger, team, every=9)


def _send(caller: Caller, ledger: Ledger, spans: list[dict[str, Any]], what: str) -> None:
    body = json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}).encode()
    answer = ledger.note("traces", caller.post("/v1/traces", body, what), len(spans))
    assert answer.status == 200, (what, answer.body[:300])


@pytest.mark.parametrize(
    "message, path", [(ExportTraceServiceRequest, "/v1/traces"), (ExportLogsServiceRequest, "/v1/logs")]
)
def test_damaged_protobuf_breaks_nothing(caller: Caller, ledger: Ledger, team, message, path):
    chance = random.Random(7)
    whole = ParseDict(_base64_ids(SHAPES[path]), message()).SerializeToString()
    for number in range(400):
        body = bytearray(whole)
        for _ in range(chance.choice((1, 1, 2, 8))):
            body[chance.randrange(len(body))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
        if number % 5 == 0:
            del body[chance.randrange(len(body)) :]
        damaged = message()
        try:
            damaged.ParseFromString(bytes(body))
            records = _records_of(damaged)
        except DecodeError:
            records = 0
        ledger.note(path[4:], caller.post(path, bytes(body), f"damage {number}", Content_Type=PROTOBUF), records)
    settle(caller, ledger, team)


def _base64_ids(shape: Any) -> Any:
    """protobuf's own JSON has ids in base64, where OTLP's has hex."""
    if isinstance(shape, dict):
        return {key: _base64(value) if key in IDS else _base64_ids(value) for key, value in shape.items()}
    return [_base64_ids(item) for item in shape] if isinstance(shape, list) else shape


def _base64(digits: str) -> str:
    return base64.b64encode(bytes.fromhex(digits)).decode()


def _records_of(request: Any) -> int:
    if isinstance(request, ExportTraceServiceRequest):
        return sum(len(scope.spans) for group in request.resource_spans for scope in group.scope_spans)
    return sum(len(scope.log_records) for group in request.resource_logs for scope in group.scope_logs)
