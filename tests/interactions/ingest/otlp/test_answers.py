"""The bodies that OTLP clients expect."""

import orjson
import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from interactions.ingest.otlp import answers
from interactions.ingest.otlp.encodings import JSON, PROTOBUF
from interactions.ingest.otlp.metrics import count_data_points
from interactions.ingest.records import Refusal
from tests.interactions.ingest.otlp.build import as_json

REFUSALS = [Refusal(0, "bad_time", "no start"), Refusal(3, "bad_trace_id", "all zero"), Refusal(4, "bad_time", "no start")]
MESSAGE = "3 spans refused: 2 bad_time (no start), 1 bad_trace_id (all zero)"


def test_full_success_says_nothing() -> None:
    assert answers.success(answers.TRACES, PROTOBUF) == answers.Answer(b"", PROTOBUF)
    assert answers.success(answers.TRACES, "application/json; charset=utf-8") == answers.Answer(b"{}", JSON)


def test_partial_success_names_the_reasons() -> None:
    response = ExportTraceServiceResponse.FromString(answers.success(answers.TRACES, PROTOBUF, REFUSALS).body)
    assert (response.partial_success.rejected_spans, response.partial_success.error_message) == (3, MESSAGE)
    partial = orjson.loads(answers.success(answers.TRACES, JSON, REFUSALS).body)
    assert partial == {"partialSuccess": {"rejectedSpans": "3", "errorMessage": MESSAGE}}


def test_each_signal_has_its_own_words() -> None:
    response = ExportLogsServiceResponse.FromString(answers.success(answers.LOGS, PROTOBUF, REFUSALS).body)
    assert response.partial_success.rejected_log_records == 3
    assert b"rejectedDataPoints" in answers.success(answers.METRICS, JSON, REFUSALS).body


def test_an_error_is_a_status_in_the_encoding_of_the_request() -> None:
    assert orjson.loads(answers.error("no such key", JSON).body) == {"message": "no such key"}
    assert answers.error("no", PROTOBUF).body == b"\x12\x02no"
    assert answers.error("x" * 300, PROTOBUF).body == b"\x12\xac\x02" + b"x" * 300


@pytest.mark.parametrize(
    "encode", [lambda message: (message.SerializeToString(), PROTOBUF), lambda message: (as_json(message), JSON)]
)
def test_data_points_are_counted_whatever_their_kind(encode: object) -> None:
    message = ExportMetricsServiceRequest()
    scoped = message.resource_metrics.add().scope_metrics.add()
    for kind, number in (("gauge", 1), ("sum", 2), ("histogram", 3), ("exponential_histogram", 4)):
        for _ in range(number):
            getattr(scoped.metrics.add(name=kind), kind).data_points.add()
    scoped.metrics.add(name="empty")
    assert count_data_points(*encode(message)) == 10
