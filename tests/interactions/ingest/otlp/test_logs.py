"""Log records: GenAI's message and evaluation events, and plain lines."""

from typing import Any

import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

from interactions.ingest.otlp.encodings import JSON, PROTOBUF
from interactions.ingest.otlp.logs import parse_logs
from interactions.ingest.otlp.message_events import exchange_of_records
from interactions.ingest.records import EventRecord, Refusal
from tests.interactions.ingest.otlp.build import SPAN_ID, START_NS, TRACE_ID, any_value, as_json, pairs

RECEIVED_US = 1_800_000_000_000_000


def request(*records: dict[str, Any]) -> ExportLogsServiceRequest:
    built = ExportLogsServiceRequest()
    group = built.resource_logs.add()
    group.resource.attributes.extend(pairs({"service.name": "shop", "session.id": "s-1"}))
    scoped = group.scope_logs.add()
    scoped.scope.name = "openai_v2"
    for record in records:
        fields = {
            "trace_id": bytes.fromhex(TRACE_ID),
            "span_id": bytes.fromhex(SPAN_ID),
            "time_unix_nano": START_NS,
        } | record
        body, attributes = fields.pop("body", None), fields.pop("attributes", {})
        scoped.log_records.add(body=any_value(body), attributes=pairs(attributes), **fields)
    return built


def parsed(*records: dict[str, Any]) -> tuple[list[EventRecord], list[Refusal]]:
    """Parse through both encodings, which must agree."""
    message = request(*records)
    found = parse_logs(message.SerializeToString(), PROTOBUF, received_us=RECEIVED_US)
    assert parse_logs(as_json(message), JSON, received_us=RECEIVED_US) == found
    return found


MESSAGES = (
    {"event_name": "gen_ai.system.message", "body": {"content": "Be brief."}},
    {
        "attributes": {"event.name": "gen_ai.user.message"},
        "body": {"content": "How long?"},
        "time_unix_nano": START_NS + 1000,
    },
    {"event_name": "gen_ai.choice", "body": {"index": 0, "finish_reason": "stop", "message": {"content": "Two years."}}},
)


def test_message_events_keep_their_names_and_their_span() -> None:
    events, refusals = parsed(*MESSAGES)
    assert not refusals
    assert [event.type for event in events] == ["gen_ai.system.message", "gen_ai.user.message", "gen_ai.choice"]
    assert {(event.trace_id, event.data["span_id"], event.session_id) for event in events} == {(TRACE_ID, SPAN_ID, "s-1")}
    assert events[1].occurred_us == START_NS // 1000 + 1


def test_messages_of_a_span_are_put_together() -> None:
    exchange = exchange_of_records(event.data for event in parsed(*MESSAGES)[0])
    assert exchange.input == [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "How long?"}]
    assert exchange.output == [{"role": "assistant", "content": "Two years."}]


def test_the_details_event_holds_both_sides() -> None:
    question = [{"role": "user", "parts": [{"type": "text", "content": "How long?"}]}]
    details = {"event_name": "gen_ai.client.inference.operation.details", "attributes": {"gen_ai.input.messages": question}}
    assert exchange_of_records(event.data for event in parsed(details)[0]).input == [
        {"role": "user", "content": "How long?"}
    ]


@pytest.mark.parametrize(
    "data", [{}, {"name": 7}, {"name": "gen_ai.choice", "attributes": "x", "body": [1]}, {"name": ["x"]}]
)
def test_events_of_other_ways_in_never_break_the_joining(data: dict) -> None:
    assert exchange_of_records([data]).input == []


def test_evaluations_are_kept_under_their_name() -> None:
    attributes = {"gen_ai.evaluation.name": "relevance", "gen_ai.evaluation.score.value": 0.8}
    events, _ = parsed({"event_name": "gen_ai.evaluation.result", "attributes": attributes})
    assert (events[0].type, events[0].data["attributes"]) == ("gen_ai.evaluation.result", attributes)


def test_a_plain_line_is_a_log_with_its_severity() -> None:
    events, _ = parsed(
        {"body": "disk full", "severity_text": "ERROR", "severity_number": 17, "trace_id": b"", "span_id": b""}
    )
    assert (events[0].type, events[0].trace_id, events[0].component) == ("log", None, "openai_v2")
    assert events[0].data == {
        "severity": "ERROR",
        "severity_number": 17,
        "body": "disk full",
        "service": "shop",
        "scope": "openai_v2",
    }


def test_a_record_sent_again_has_the_same_id_and_another_has_another() -> None:
    first, again = parsed(MESSAGES[0])[0][0], parsed(MESSAGES[0])[0][0]
    assert (first.event_id, first.body_hash) == (again.event_id, again.body_hash)
    assert len(first.event_id) <= 64
    assert first.event_id != parsed(MESSAGES[1])[0][0].event_id
    assert first.event_id != parsed(MESSAGES[0] | {"time_unix_nano": START_NS + 1})[0][0].event_id


def test_a_record_without_a_time_is_dated_on_arrival_but_keeps_its_id() -> None:
    events, _ = parsed(
        {"body": "x", "time_unix_nano": 0}, {"body": "x", "time_unix_nano": 0, "observed_time_unix_nano": START_NS}
    )
    assert [event.occurred_us for event in events] == [RECEIVED_US, START_NS // 1000]


def test_a_bad_record_is_refused_alone() -> None:
    events, refusals = parsed({"trace_id": b"short"}, {"body": "good"}, {"attributes": {"k" * 300: 1}})
    assert len(events) == 1
    assert [(refusal.index, refusal.code) for refusal in refusals] == [(0, "bad_trace_id"), (2, "key_too_long")]
