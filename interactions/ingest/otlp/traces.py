"""The body of a POST to /v1/traces, to spans."""

from interactions.ingest.otlp.encodings import decoder
from interactions.ingest.otlp.span_record import span_record
from interactions.ingest.records import Refusal, SpanRecord
from observatory.core.errors import ApiError


def parse_traces(body: bytes, content_type: str) -> tuple[list[SpanRecord], list[Refusal]]:
    """Return the spans of an uncompressed request, and a refusal for each that cannot be stored.

    Raises ApiError `undecodable` (400) or `unsupported_media_type` (415): then nothing of the request was understood.
    """
    raw_spans, refusals = decoder(content_type).decode_spans(body)
    spans: list[SpanRecord] = []
    for raw in raw_spans:
        try:
            spans.append(span_record(raw))
        except ApiError as error:
            refusals.append(Refusal(raw.index, error.code, error.reason, error.field))
    return spans, refusals
