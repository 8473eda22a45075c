"""The two encodings, and what each allows its clients."""

import orjson
import pytest

from interactions.ingest.otlp.encodings import JSON, PROTOBUF
from interactions.ingest.otlp.traces import parse_traces
from observatory.core.errors import ApiError
from tests.interactions.ingest.otlp.build import SPAN_ID, START_NS, TRACE_ID, as_json, parsed, read, request, span

EVERY_TYPE = {
    "text": "ä",
    "empty": "",
    "yes": True,
    "no": False,
    "zero": 0,
    "large": 2**63 - 1,
    "negative": -5,
    "real": 0.5,
    "nan": float("nan"),
    "infinite": float("-inf"),
    "bytes": b"\x00\xff",
    "nothing": None,
    "list": ["a", 1, None, {"deep": [1.5]}],
    "map": {"a": {"b": [True]}},
    "none": [],
}


def test_every_type_of_value_is_read_alike_from_both() -> None:
    attributes = read(EVERY_TYPE).texts["attributes"]
    assert attributes == EVERY_TYPE | {"nan": "NaN", "infinite": "-Infinity", "bytes": "AP8="}


def test_records_carry_ids_times_and_parents() -> None:
    records, _ = parsed(span(parent_span_id=bytes.fromhex("00f067aa0ba902b7"), name="ask"))
    record = records[0]
    assert (record.trace_id, record.span_id, record.parent_span_id) == (TRACE_ID, SPAN_ID, "00f067aa0ba902b7")
    assert (record.name, record.started_us, record.duration_ms) == ("ask", START_NS // 1000, 1500.0)
    assert record.body_hash is None


def json_span(**changes: object) -> bytes:
    fields = {
        "traceId": TRACE_ID,
        "spanId": SPAN_ID,
        "startTimeUnixNano": str(START_NS),
        "endTimeUnixNano": START_NS,
    } | changes
    return orjson.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [fields]}]}]})


def test_json_allows_upper_case_ids_numbers_as_numbers_and_unknown_fields() -> None:
    attributes = [{"key": "n", "value": {"intValue": 120}}, {"key": "m", "value": {"intValue": "7"}, "new": 1}]
    body = json_span(traceId=TRACE_ID.upper(), attributes=attributes, flags=257, newer={"field": []})
    records, refusals = parse_traces(body, "application/json; charset=utf-8")
    assert not refusals
    assert records[0].trace_id == TRACE_ID
    assert records[0].texts["attributes"] == {"n": 120, "m": 7}


def test_a_root_may_write_its_parent_as_zeros() -> None:
    for parent in ("", "0" * 16, None):
        assert parse_traces(json_span(parentSpanId=parent), JSON)[0][0].parent_span_id is None


def test_a_span_that_names_itself_as_its_parent_has_none() -> None:
    assert parse_traces(json_span(parentSpanId=SPAN_ID), JSON)[0][0].parent_span_id is None
    records, refusals = parsed(span(parent_span_id=bytes.fromhex(SPAN_ID)))
    assert (records[0].span_id, records[0].parent_span_id, refusals) == (SPAN_ID, None, [])


def test_a_status_may_be_named() -> None:
    for code in (2, "STATUS_CODE_ERROR"):
        assert parse_traces(json_span(status={"code": code}), JSON)[0][0].is_error


def test_base64_ids_are_refused_with_a_hint() -> None:
    _, refusals = parse_traces(json_span(traceId="CvdlGRbNQ92ESOshHIAxnA=="), JSON)
    assert refusals[0].code == "bad_trace_id"
    assert "hex" in refusals[0].reason


def test_an_empty_request_is_good() -> None:
    assert parse_traces(b"", PROTOBUF) == ([], [])
    assert parse_traces(b"{}", JSON) == ([], [])


@pytest.mark.parametrize("content_type", ["text/plain", "", "application/grpc"])
def test_other_content_types_are_415(content_type: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse_traces(b"{}", content_type)
    assert (caught.value.code, caught.value.status) == ("unsupported_media_type", 415)


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xff\xff",
        b"{}",
        request(span()).SerializeToString()[:-3],
        request(span({"a": "xx"})).SerializeToString().replace(b"xx", b"\xff\xfe"),
    ],
    ids=["noise", "json", "truncated", "not UTF-8"],
)
def test_undecodable_protobuf_is_a_400(body: bytes) -> None:
    with pytest.raises(ApiError) as caught:
        parse_traces(body, PROTOBUF)
    assert (caught.value.code, caught.value.status) == ("undecodable", 400)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[",
        b"[]",
        b"7",
        b'{"resourceSpans": {}}',
        b'{"resourceSpans": [7]}',
        b'{"resourceSpans": [{"scopeSpans": [[]]}]}',
        as_json(request(span()))[:-3],
        b"[" * 200000,
        b'{"a":' * 200000,
        b'{"a": ' + b"[" * 200000 + b"]" * 200000 + b"}",
    ],
)
def test_undecodable_json_is_a_400(body: bytes) -> None:
    with pytest.raises(ApiError) as caught:
        parse_traces(body, JSON)
    assert (caught.value.code, caught.value.status) == ("undecodable", 400)
