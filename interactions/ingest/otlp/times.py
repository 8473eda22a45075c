"""Nanoseconds since 1970, as OTLP has them."""

from observatory.core.errors import ApiError

# uint64 on the wire; it ends in the year 2554, which every store can hold.
MAX_NS = 2**64


def checked_start(start_ns: int) -> int:
    if not 0 < start_ns < MAX_NS:
        raise ApiError("bad_time", "the start is missing or out of range", field="startTimeUnixNano")
    return start_ns


def checked_end(end_ns: int, start_ns: int) -> int:
    """Return the end, not before the start: clocks step back and unfinished spans have none."""
    if not 0 <= end_ns < MAX_NS:
        raise ApiError("bad_time", "the end is out of range", field="endTimeUnixNano")
    return max(end_ns, start_ns)
