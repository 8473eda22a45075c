"""A score as our own API takes it: {name, value or label, and of what it speaks}."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from feedback.models import Source
from feedback.models.score import MAX_COMMENT
from feedback.scores import Verdict
from interactions.ingest.native.ids import canonical_id, read_trace_id, read_uuid
from interactions.ingest.native.reader import EPOCH, Reader
from observatory.core.errors import ApiError

MAX_NAME, MAX_LABEL, MAX_VERSION = 80, 120, 120
MOST = 1e15  # of a value: beyond it a float no longer tells whole numbers apart
TARGETS = ("interaction_id", "trace_id", "session_id")


def parse_score(data: Any, *, now: datetime) -> Verdict:
    """Return the verdict of one JSON object; raises ApiError with the field that is wrong."""
    reader = Reader(data, "score")
    verdict = Verdict(
        score_id=reader.label("id", "score_id", limit=64) or uuid.uuid4().hex,
        source=Source.APPLICATION,
        name=name_of(reader),
        at=moment_of(reader, "occurred_at", "timestamp", now=now),
        interaction_id=read_uuid(reader, "interaction_id"),
        trace_id=read_trace_id(reader) or None,
        span_id=canonical_id(reader.label("span_id", limit=64), 8) or None,
        session_id=reader.label("session_id", limit=128),
        user_id=reader.label("user_id", limit=128),
        environment=reader.label("environment", limit=60),
        version=reader.label("version", limit=MAX_VERSION),
        label=reader.label("label", limit=MAX_LABEL),
        comment=reader.text("comment", limit=MAX_COMMENT),
    )
    verdict.value, verdict.is_passed = _value(reader), _passed(reader)
    if verdict.value is None and not verdict.label and verdict.is_passed is None:
        raise ApiError("invalid", "a score needs a value, a label or passed", field="value")
    if not (verdict.interaction_id or verdict.trace_id or verdict.session_id):
        raise ApiError("invalid", f"say of what: one of {', '.join(TARGETS)}", field="interaction_id")
    # Read last: it keeps what nobody took.
    free = {"metadata": reader.free("metadata"), "attributes": reader.rest()}
    verdict.details = {name: value for name, value in free.items() if value not in (None, {})}
    return verdict


def name_of(reader: Reader) -> str:
    name = reader.label("name", limit=MAX_NAME).strip()
    if not name:
        raise ApiError("invalid", "a score needs a name", field="name")
    return name


def value_of(reader: Reader) -> float | None:
    """A number; true and false are 1 and 0."""
    _, value = reader.raw("value")
    if isinstance(value, bool):
        return float(value)
    return reader.number("value", low=-MOST, high=MOST)


def _value(reader: Reader) -> float | None:
    if isinstance(reader.raw("value")[1], str):
        raise ApiError("invalid", "expected a number; send a verdict in words as label", field="value")
    return value_of(reader)


def moment_of(reader: Reader, *names: str, now: datetime) -> datetime:
    """What is said has been said: a clock that is ahead does not put it into the future."""
    return min(now, EPOCH + timedelta(microseconds=reader.moment_us(*names, default=now)))


def _passed(reader: Reader) -> bool | None:
    _, value = reader.raw("passed")
    if value is not None and not isinstance(value, bool):
        raise ApiError("invalid", "expected true or false", field="passed")
    return value
