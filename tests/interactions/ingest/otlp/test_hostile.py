"""Bodies that somebody wrote to break us, or by accident: neighbours are kept, records can be stored."""

import json

import orjson
import pytest
from django.conf import settings

from interactions.ingest.otlp.encodings import JSON, PROTOBUF
from interactions.ingest.otlp.traces import parse_traces
from interactions.ingest.records import Refusal, SpanRecord
from observatory.core.errors import ApiError
from tests.interactions.ingest.otlp.build import SPAN_ID, START_NS, TRACE_ID, parsed, read, span

GOOD = span({"good": 1}, name="good")


def codes(refusals: list[Refusal]) -> list[tuple[int, str]]:
    return sorted((refusal.index, refusal.code) for refusal in refusals)


def deep(levels: int) -> object:
    value: object = "bottom"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (span(trace_id=b"short"), "bad_trace_id"),
        (span(trace_id=bytes(16)), "bad_trace_id"),
        (span(trace_id=b""), "bad_trace_id"),
        (span(span_id=b"123456789"), "bad_span_id"),
        (span(span_id=bytes(8)), "bad_span_id"),
        (span(parent_span_id=b"123"), "bad_span_id"),
        (span(start_time_unix_nano=0), "bad_time"),
        (span({f"key {number}": number for number in range(1001)}), "too_many_keys"),
        (span({"map": {f"key {number}": number for number in range(1001)}}), "too_many_keys"),
        (span({"k" * 257: 1}), "key_too_long"),
        (span({"text": "x" * 1_000_001}), "text_too_long"),
        (span({"list": ["x" * 1_000_001]}), "text_too_long"),
        (span({"deep": deep(33)}), "too_deep"),
        (span(events=[("e", 1, {"k" * 257: 1})]), "key_too_long"),
    ],
)
def test_a_bad_span_is_refused_alone(bad: object, code: str) -> None:
    records, refusals = parsed(GOOD, bad, GOOD)
    assert [record.name for record in records] == ["good", "good"]
    assert codes(refusals) == [(1, code)]


def test_an_end_before_the_start_is_no_time_at_all() -> None:
    records, _ = parsed(span(end_time_unix_nano=START_NS - 5), span(end_time_unix_nano=0))
    assert [record.duration_ms for record in records] == [0, 0]


def test_nul_is_replaced_everywhere() -> None:
    records, _ = parsed(
        span({"a\x00b": "c\x00d", "list": ["e\x00f"]}, name="g\x00h", events=[("i\x00j", 1, {})]), resource={"k": "l\x00m"}
    )
    assert b"\x00" not in orjson.dumps(records[0].texts)
    assert b"\\u0000" not in orjson.dumps(records[0].texts)
    assert records[0].name == "g\ufffdh"
    assert records[0].texts["attributes"] == {"a\ufffdb": "c\ufffdd", "list": ["e\ufffdf"]}


def test_nul_and_lone_surrogates_inside_json_attributes_are_replaced() -> None:
    messages = json.dumps([{"role": "user", "content": "a\x00b \ud83d"}])
    texts = read({"gen_ai.operation.name": "chat", "gen_ai.input.messages": messages}).texts
    assert texts["input"] == [{"role": "user", "content": "a\ufffdb \ufffd"}]


def json_request(*attributes: str) -> bytes:
    """A request of one span for each of these JSON texts of a value."""
    head = f'"traceId": "{TRACE_ID}", "spanId": "{SPAN_ID}", "startTimeUnixNano": {START_NS}'
    spans = ",".join(f'{{{head}, "attributes": [{{"key": "a", "value": {value}}}]}}' for value in attributes)
    return f'{{"resourceSpans": [{{"scopeSpans": [{{"spans": [{spans}]}}]}}]}}'.encode()


def kept(records: list[SpanRecord]) -> list[object]:
    return [record.texts.get("attributes", {}).get("a") for record in records]


@pytest.mark.parametrize(
    ("value", "read_as"),
    [
        (r'{"stringValue": "a\ud800b"}', "a\ufffdb"),
        (r'{"stringValue": "a\u0000b"}', "a\ufffdb"),
        (r'{"stringValue": "\ud83d\ude00"}', "\U0001f600"),
        ('{"intValue": ' + "9" * 5000 + "}", "\ufffd"),
        ('{"intValue": ' + "9" * 25 + "}", "10000000000000000905969664"),
        ('{"intValue": "' + "9" * 5000 + '"}', "9" * 5000),
        ('{"doubleValue": NaN}', "NaN"),
        ('{"doubleValue": "Infinity"}', "Infinity"),
        ("{}", None),
        ("null", None),
        ('{"newValue": 1}', None),
    ],
)
def test_strange_json_values_are_made_storable(value: str, read_as: object) -> None:
    records, refusals = parse_traces(json_request(value, '{"stringValue": "good"}'), JSON)
    assert not refusals
    assert kept(records) == [read_as, "good"]
    assert [orjson.dumps(record.texts) for record in records]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ('{"stringValue": []}', "malformed"),
        ('{"intValue": {}}', "malformed"),
        ('{"doubleValue": "much"}', "malformed"),
        ('{"arrayValue": 7}', "malformed"),
        ('{"arrayValue": {"values": [7]}}', "malformed"),
        ('{"kvlistValue": {"values": [{}]}}', "malformed"),
        ("7", "malformed"),
        ('{"arrayValue": {"values": [' * 40 + "{}" + "]}}" * 40, "too_deep"),
    ],
)
def test_malformed_json_values_cost_their_span_only(value: str, code: str) -> None:
    records, refusals = parse_traces(json_request(value, '{"stringValue": "good"}'), JSON)
    assert kept(records) == ["good"]
    assert codes(refusals) == [(0, code)]


@pytest.mark.parametrize("change", [{"startTimeUnixNano": "soon"}, {"startTimeUnixNano": -1}, {"endTimeUnixNano": 2**64}])
def test_bad_times_of_json_cost_their_span_only(change: dict) -> None:
    fields = {"traceId": TRACE_ID, "spanId": SPAN_ID, "startTimeUnixNano": START_NS} | change
    body = json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [fields, 7, {"name": []}]}]}]}).encode()
    assert codes(parse_traces(body, JSON)[1]) == [(0, "bad_time"), (1, "malformed"), (2, "bad_trace_id")]


def test_invalid_utf8_in_json_is_replaced() -> None:
    body = json_request('{"stringValue": "XX"}').replace(b"XX", b"\xff\xfe")
    assert kept(parse_traces(body, JSON)[0]) == ["\ufffd\ufffd"]


def test_names_of_pythons_and_javascripts_own_are_only_names() -> None:
    names = {"__class__": "a", "__proto__": {"polluted": 1}, "constructor": "b", "self": 1, "metadata": '{"__init__": 1}'}
    texts = read(names).texts
    assert texts["metadata"] == {"__init__": 1}
    assert texts["attributes"] == {name: value for name, value in names.items() if name != "metadata"}


@pytest.mark.parametrize(
    "attributes",
    [
        {"llm.input_messages.99999.message.content": "far", "llm.input_messages.0.message.content": "near"},
        {"llm.input_messages.0.message.content": "text", "llm.input_messages.0.message.content.1.text": "below it"},
        {"llm.input_messages.0": 7, "llm.input_messages.0.message.role": "user"},
        {"llm.input_messages.999999999999.message.content": "no index"},
        {"llm.input_messages.": 1, "llm.input_messages..": 2, "gen_ai.prompt.": 3, "langfuse.trace.metadata.": 4},
        {"retrieval.documents.0.document.score": "high", "retrieval.documents.1": "text"},
        {"gen_ai.input.messages": [{"role": 7}, "x"], "gen_ai.output.messages": {"role": "user", "content": {"a": [1]}}},
        {"gen_ai.input.messages": "[" * 5000, "input.value": "{" * 2000 + "}" * 2000, "gen_ai.system_instructions": 7},
        {"session.id": ["a"], "user.id": True, "tag.tags": [["x"], 7, None], "metadata": "[1]", "llm.model_name": {"a": 1}},
        {"llm.token_count.prompt": float("nan"), "llm.cost.total": "1e999", "gen_ai.usage.cost": -1, "error.type": 7},
        {
            "langfuse.observation.type": 7,
            "langfuse.observation.usage_details": "[]",
            "langfuse.observation.cost_details": "{}",
        },
        {"langfuse.observation.completion_start_time": "yesterday", "ai.response.toolCalls": "{", "ai.response.text": "x"},
        {"gen_ai.retrieval.documents": [None, 7, "text", {"metadata": "x"}, {"document": {"id": [1]}}]},
        {"events": "[7, {}]", "all_messages_events": [["x"]], "openinference.span.kind": ["LLM"]},
        {"openinference.span.kind": "RETRIEVER", "output.value": '[{"a": 1}, [2], null]'},
        {"openinference.span.kind": "EMBEDDING", "output.value": "[[[]]]", "input.value": "[]"},
        {"gen_ai.input.messages": [{"type": {}, "content": "x"}], "gen_ai.output.messages": [{"role": "", "content": "x"}]},
        {"gen_ai.retrieval.documents": '[{"lc": 1, "kwargs": 7, "metadata": {}}]'},
        {"llm.input_messages.0": {"content": "x"}, "llm.input_messages.0.0.0": "into the client's mapping"},
    ],
)
def test_contradictory_attributes_never_fail_and_can_be_stored(attributes: dict) -> None:
    assert orjson.dumps(read(attributes, status={"code": 2, "message": ""}).texts)


def test_json_nested_deeper_than_the_limit_stays_text() -> None:
    levels = settings.OBSERVATORY["OBSERVATORY_MAX_NESTING"] + 1
    text = "[" * levels + "]" * levels
    assert read({"input.value": text}).texts["input"] == text


def test_an_exception_with_odd_attributes_is_an_error_with_texts() -> None:
    record = read({}, status={"code": 2}, events=[("exception", 1, {"exception.type": 7, "exception.message": ["x"]})])
    assert record.texts["error"] == {"message": "error"}


def test_a_bad_resource_does_not_cost_its_spans() -> None:
    records, refusals = parsed(GOOD, resource={"k" * 300: 1})
    assert (len(records), refusals) == (1, [])


def field(number: int, content: bytes) -> bytes:
    """A length-delimited field of the wire format."""
    head, size = bytes([number << 3 | 2]), len(content)
    return head + (bytes([size]) if size < 128 else bytes([size & 0x7F | 0x80, size >> 7])) + content


def with_raw_value(value: bytes) -> bytes:
    """A request whose only attribute has a value that the library would not write."""
    attribute = field(9, field(1, b"deep") + field(2, value))
    return field(1, field(2, field(2, attribute)))


def test_protobuf_nested_deeper_than_the_decoder_allows_is_a_refusal_of_the_body() -> None:
    inner = b""
    for _ in range(60):
        inner = field(5, field(1, inner))
    with pytest.raises(ApiError, match="protobuf"):
        parse_traces(with_raw_value(inner), PROTOBUF)
