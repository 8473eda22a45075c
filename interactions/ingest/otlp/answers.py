"""The bodies that OTLP clients expect, in the encoding of their request."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from google.protobuf.message import Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from interactions.ingest.otlp.encodings import JSON, PROTOBUF, media_type
from interactions.ingest.records import Refusal


@dataclass(frozen=True)
class Signal:
    """One of OTLP's three signals, and the words of its answers."""

    name: str
    noun: str
    response: type[Message]
    field: str
    json_field: str


TRACES = Signal("traces", "spans", ExportTraceServiceResponse, "rejected_spans", "rejectedSpans")
LOGS = Signal("logs", "log records", ExportLogsServiceResponse, "rejected_log_records", "rejectedLogRecords")
METRICS = Signal("metrics", "data points", ExportMetricsServiceResponse, "rejected_data_points", "rejectedDataPoints")


@dataclass(frozen=True)
class Answer:
    body: bytes
    content_type: str


def success(signal: Signal, content_type: str, refusals: Sequence[Refusal] = ()) -> Answer:
    """Return the body of a 200. With refusals it is a partial success, which clients must not send again."""
    is_json = media_type(content_type) == JSON
    if not refusals:
        return Answer(b"{}" if is_json else b"", JSON if is_json else PROTOBUF)
    message = refusal_message(signal, refusals)
    if is_json:
        # 64-bit integers are texts in the JSON encoding.
        partial = {signal.json_field: str(len(refusals)), "errorMessage": message}
        return Answer(orjson.dumps({"partialSuccess": partial}), JSON)
    response = signal.response(partial_success={signal.field: len(refusals), "error_message": message})
    return Answer(response.SerializeToString(), PROTOBUF)


def refusal_message(signal: Signal, refusals: Sequence[Refusal]) -> str:
    """Return the reasons with their counts, the most frequent first: "3 spans refused: 2 bad_time (...), 1 ..."."""
    counts = Counter(refusal.code for refusal in refusals)
    reasons = {refusal.code: refusal.reason for refusal in reversed(refusals)}
    parts = [
        f"{count} {code} ({reasons[code]})" for code, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    return f"{len(refusals)} {signal.noun} refused: " + ", ".join(parts)


def error(message: str, content_type: str) -> Answer:
    """Return a google.rpc.Status with this message, for any answer that is not a 200."""
    if media_type(content_type) == JSON:
        return Answer(orjson.dumps({"message": message}), JSON)
    text = message.encode("utf-8", "replace")
    # Field 2, length-delimited: the whole of google.rpc.Status that clients read.
    return Answer(b"\x12" + _varint(len(text)) + text, PROTOBUF)


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)
