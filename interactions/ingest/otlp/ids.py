"""Trace and span ids: 16 and 8 bytes, never all zero; lower-case hex from here on."""

from observatory.core.errors import ApiError

TRACE_BYTES = 16
SPAN_BYTES = 8


def trace_id_of(raw: bytes) -> str:
    if len(raw) != TRACE_BYTES or not any(raw):
        raise ApiError("bad_trace_id", _problem(raw, TRACE_BYTES), field="traceId")
    return raw.hex()


def span_id_of(raw: bytes, field: str = "spanId") -> str:
    if len(raw) != SPAN_BYTES or not any(raw):
        raise ApiError("bad_span_id", _problem(raw, SPAN_BYTES), field=field)
    return raw.hex()


def parent_id_of(raw: bytes) -> str | None:
    """Return None for a root, which some clients write as zeros."""
    if not raw or (len(raw) == SPAN_BYTES and not any(raw)):
        return None
    return span_id_of(raw, "parentSpanId")


def bytes_of_hex(text: object, code: str, field: str) -> bytes:
    """Return the bytes of an id of the JSON encoding, which is hex in any case; None and "" stand for no id."""
    if text is None or text == "":
        return b""
    try:
        if isinstance(text, str) and " " not in text:
            return bytes.fromhex(text)
    except ValueError:
        pass  # told below, in one way for texts and for other types
    raise ApiError(code, "not hex (ids of OTLP/JSON are hex, not base64)", field=field)


def _problem(raw: bytes, size: int) -> str:
    return "all zero" if len(raw) == size else f"{len(raw)} bytes instead of {size}"
