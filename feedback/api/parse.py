"""Feedback as JSON, read field by field; what is wrong is refused with its name."""

from datetime import datetime, timedelta
from typing import Any

import orjson

from feedback.models.score import MAX_COMMENT
from feedback.submit import Rating, Signal
from interactions.ingest.native.ids import read_trace_id, read_uuid
from interactions.ingest.native.reader import EPOCH, Reader
from observatory.core.errors import ApiError

# The key may be read in any page: whoever sends with it gets little room.
MAX_FREE_BYTES = 16 * 1024
STARS = (1, 5)
UP_OR_DOWN = {"up": True, "down": False}
KINDS = {
    "click": "click", "share": "share", "accept": "accept", "skip": "skip", "re-query": "requery", "requery": "requery",
    "re_query": "requery",
}  # fmt: skip
TARGETS = ("interaction_id", "trace_id", "session_id")


def parse_chat(data: Any, *, now: datetime) -> Rating:
    """A rating with stars of one interaction: {interaction_id, rating, comment?, user_id?, helpful?, category?}."""
    found = _rating(Reader(data, "feedback"), now)
    if found.interaction_id is None:
        raise ApiError("invalid", "expected the UUID of an interaction", field="interaction_id")
    if found.value is None:
        raise ApiError("invalid", "expected a whole number from 1 to 5", field="rating")
    return found


def parse_explicit(data: Any, *, now: datetime) -> Rating:
    """Stars, a thumb, words or a category, of an interaction, a trace or a session."""
    found = _rating(Reader(data, "feedback"), now)
    _hold_target(found)
    if found.value is None and found.is_thumb_up is None and not found.comment and not found.category:
        raise ApiError("empty", "say at least one of rating, thumbs, comment and category", field="rating")
    return found


def parse_implicit(data: Any, *, now: datetime) -> Signal:
    """One signal of an interaction, a trace or a session."""
    reader = Reader(data, "signal")
    kind = reader.choice("signal", KINDS)
    if kind is None:
        raise ApiError("invalid", f"expected one of {', '.join(KINDS)}", field="signal")
    found = Signal(kind=kind, client_id=reader.label("id", limit=64), **_about(reader, now))
    _hold_target(found)
    return found


def _rating(reader: Reader, now: datetime) -> Rating:
    said: dict[str, Any] = {
        "value": _stars(reader),
        "is_thumb_up": _thumb(reader),
        "comment": reader.text("comment", limit=MAX_COMMENT).strip(),
        "category": reader.label("category", limit=120),
    }
    return Rating(**said, **_about(reader, now))


def _about(reader: Reader, now: datetime) -> dict[str, Any]:
    """What a rating and a signal share; read last, for it keeps what nobody took."""
    about = {
        "interaction_id": read_uuid(reader, "interaction_id"),
        "trace_id": read_trace_id(reader),
        "session_id": reader.label("session_id", limit=128),
        "user_id": reader.label("user_id", limit=128),
        "model_version": reader.label("model_version", limit=120),
        # What is said has been said: a clock that is ahead does not put it into the future.
        "at": min(now, EPOCH + timedelta(microseconds=reader.moment_us("occurred_at", "timestamp", default=now))),
    }
    free = {"metadata": reader.mapping("metadata"), "attributes": reader.rest()}
    details = {name: value for name, value in free.items() if value}
    if len(orjson.dumps(details)) > MAX_FREE_BYTES:
        raise ApiError("too_large", f"Fields beyond those of feedback have at most {MAX_FREE_BYTES} bytes.", status=413)
    return {**about, "details": details}


def _stars(reader: Reader) -> int | None:
    _, value = reader.raw("rating")
    if value is None:
        return None
    low, high = STARS
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not low <= value <= high or not float(value).is_integer():
        raise ApiError("invalid", f"expected a whole number from {low} to {high}", field="rating")
    return int(value)


def _thumb(reader: Reader) -> bool | None:
    """`thumbs` ("up", "down", true, false), or `helpful` (true, false)."""
    name, value = reader.raw("thumbs", "helpful")
    if value is None or isinstance(value, bool):
        return value
    if not isinstance(value, str) or value.lower() not in UP_OR_DOWN:
        raise ApiError("invalid", 'expected "up", "down", true or false', field=name)
    return UP_OR_DOWN[value.lower()]


def _hold_target(found: Rating | Signal) -> None:
    if not (found.interaction_id or found.trace_id or found.session_id):
        raise ApiError("invalid", f"say of what: one of {', '.join(TARGETS)}", field="interaction_id")
