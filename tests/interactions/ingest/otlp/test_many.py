"""A request may hold many spans, but not as many as it can claim to hold."""

from collections import Counter

import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from interactions.ingest.otlp.answers import TRACES, success
from interactions.ingest.otlp.encodings import JSON, PROTOBUF
from interactions.ingest.otlp.logs import parse_logs
from interactions.ingest.otlp.traces import parse_traces
from observatory.core.errors import ApiError
from tests.interactions.ingest.otlp.build import as_json, request, span


@pytest.fixture(autouse=True)
def three_spans(settings):
    settings.OBSERVATORY = settings.OBSERVATORY | {"OBSERVATORY_MAX_SPANS": 3}


def both(message):
    """Parse through both encodings, which must agree."""
    parse = parse_traces if isinstance(message, ExportTraceServiceRequest) else logs_of
    found = parse(message.SerializeToString(), PROTOBUF)
    assert parse(as_json(message), JSON) == found
    return found


def logs_of(body, content_type):
    return parse_logs(body, content_type, received_us=1)


def test_spans_beyond_the_limit_are_refused_one_by_one():
    message = request(span(), span(), span(start_time_unix_nano=0), span(), span())
    message.resource_spans.extend(request(span(), span()).resource_spans)
    records, refusals = both(message)
    assert len(records) == 2
    assert Counter(refusal.code for refusal in refusals) == {"bad_time": 1, "too_many": 4}


def test_the_answer_counts_them():
    _, refusals = both(request(*[span() for _ in range(5)]))
    answer = success(TRACES, JSON, refusals).body
    assert b'"rejectedSpans":"2"' in answer
    assert b"too_many (a request holds at most 3)" in answer


def test_log_records_beyond_the_limit_are_refused():
    message = ExportLogsServiceRequest()
    records = message.resource_logs.add().scope_logs.add().log_records
    for number in range(5):
        records.add(event_name=f"e{number}", time_unix_nano=1)
    found, refusals = both(message)
    assert [event.type for event in found] == ["e0", "e1", "e2"]
    assert [refusal.code for refusal in refusals] == ["too_many", "too_many"]


@pytest.mark.parametrize("group", ["resource", "scope"])
def test_more_groups_than_spans_is_no_request_of_any_client(group):
    message = ExportTraceServiceRequest()
    for _ in range(4):
        if group == "resource" or not message.resource_spans:
            message.resource_spans.add()
        message.resource_spans[-1].scope_spans.add()
    for body, content_type in ((message.SerializeToString(), PROTOBUF), (as_json(message), JSON)):
        with pytest.raises(ApiError) as caught:
            parse_traces(body, content_type)
        assert (caught.value.code, caught.value.status) == ("too_many", 413)


def test_a_span_with_more_events_than_the_request_has_room_for_is_refused_alone():
    many = span(events=[("e", 1, {})] * 301)
    records, refusals = both(request(span(), many, span({"a": 1})))
    assert len(records) == 2
    assert [(refusal.index, refusal.code) for refusal in refusals] == [(1, "too_many")]


def test_attributes_are_counted_before_they_are_read():
    twice = span()
    for _ in range(1001):
        twice.attributes.add(key="same")
    _, refusals = both(request(twice))
    assert [refusal.code for refusal in refusals] == ["too_many_keys"]


@pytest.mark.parametrize("value", [[1] * 301, [["a"] * 301], {"in": {str(number): 1 for number in range(301)}}])
def test_items_are_counted_before_they_are_read(value):
    records, refusals = both(request(span({"list": value}), span({"list": [1] * 200})))
    assert len(records) == 1
    assert [(refusal.index, refusal.code) for refusal in refusals] == [(0, "too_many")]
