"""Ways in and codes of refusals in words, as docs/reference/api.md has them."""

# As lines: a code that is a quoted word somewhere counts as one that is raised.
_WAYS = """
interactions: POST /api/v1/interactions
events: POST /api/v1/events
spans: POST /api/v1/spans
traces: OTLP, POST /v1/traces
logs: OTLP, POST /v1/logs
metrics: OTLP, POST /v1/metrics
browser: POST /api/metrics/client
feedback: ratings and what users do
scores: POST /api/v1/scores
import: import_interactions, from files
restore: read back from the archive
demo: made up by the demo
system: what Observatory measures of itself
"""
_MEANINGS = """
invalid: a field has the wrong type or is out of its range
empty: the interaction has no field at all
text_too_long: a text is longer than its field, or than OBSERVATORY_MAX_TEXT_CHARS
too_deep: nested deeper than OBSERVATORY_MAX_NESTING
too_many_keys: more keys than OBSERVATORY_MAX_KEYS
too_many: the request holds more records than OBSERVATORY_MAX_BATCH or OBSERVATORY_MAX_SPANS allow
key_too_long: a key is longer than OBSERVATORY_MAX_KEY_CHARS
conflict: another body is stored under this id
bad_trace_id: the trace id is not 16 bytes, or all zero
bad_span_id: the span id or parent id is not 8 bytes, or all zero
bad_time: a time is missing or out of range
malformed: a part of the message has the wrong type
pending_span: Logfire's announcement of a span that has begun; the span itself comes when it has ended
metrics_not_kept: no error: points of OTLP metrics are counted and not kept
not_taken: an event of Langfuse's older path that is no score
missing: the row lacks a column that its format needs
wrong_columns: the row has another number of cells than the header
unclosed_quote: a quote opens and is never closed
undecodable: the body is not JSON, not the message of OTLP, or not what Content-Encoding says
too_large: the body is larger than OBSERVATORY_MAX_BODY_BYTES
not_storable: the database refused a value
unsupported_encoding: Content-Encoding is neither gzip nor deflate
unsupported_media_type: Content-Type is neither of those of OTLP
"""


def _by_name(lines: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in lines.strip().splitlines())


WAYS, MEANINGS = _by_name(_WAYS), _by_name(_MEANINGS)
