"""A score as Langfuse's SDKs send it, of version 5 to /scores and of 2 to 4 as `score-create` to /ingestion."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from feedback.intake.native import MAX_LABEL, moment_of, name_of, value_of
from feedback.models import Source
from feedback.models.score import MAX_COMMENT
from feedback.scores import Verdict
from interactions.ingest.native.ids import canonical_id
from interactions.ingest.native.reader import Reader
from observatory.core.errors import ApiError

NUMERIC, BOOLEAN, CATEGORICAL, TEXT, CORRECTION = "NUMERIC", "BOOLEAN", "CATEGORICAL", "TEXT", "CORRECTION"
KEPT = ("metadata", "configId", "queueId", "datasetRunId", "source")
NO_ENVIRONMENT = "default"  # what the SDK sends where none is set


def parse_langfuse(data: Any, *, now: datetime) -> Verdict:
    """Return the verdict of one JSON object; raises ApiError with the field that is wrong."""
    reader = Reader(data, "score")
    environment = reader.label("environment", limit=60)
    verdict = Verdict(
        score_id=reader.label("id", limit=64) or uuid.uuid4().hex,
        source=Source.APPLICATION,
        name=name_of(reader),
        at=moment_of(reader, "timestamp", now=now),
        trace_id=canonical_id(reader.label("traceId", limit=64), 16) or None,
        span_id=canonical_id(reader.label("observationId", limit=64), 8) or None,
        session_id=reader.label("sessionId", limit=128),
        environment="" if environment == NO_ENVIRONMENT else environment,
    )
    verdict.details = {name: value for name in KEPT if (value := reader.free(name)) not in (None, {})}
    _set_value(verdict, reader)
    set_comment(verdict, reader.text("comment"))
    if not (verdict.trace_id or verdict.session_id):
        raise ApiError("invalid", "say of what: traceId or sessionId; data set runs are not kept", field="traceId")
    return verdict


def set_comment(verdict: Verdict, text: str) -> None:
    """A judge's explanation may be longer than a comment; then the whole of it is among the details."""
    verdict.comment = text[:MAX_COMMENT]
    if len(text) > MAX_COMMENT:
        verdict.details = {**verdict.details, "comment": text}


def _set_value(verdict: Verdict, reader: Reader) -> None:
    kind = reader.choice("dataType", {name.lower(): name for name in SETTERS})
    _, value = reader.raw("value")
    if value is None:
        raise ApiError("invalid", "a score needs a value", field="value")
    SETTERS[kind or _kind_of(value)](verdict, reader)


def _kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return BOOLEAN
    return CATEGORICAL if isinstance(value, str) else NUMERIC


def _set_number(verdict: Verdict, reader: Reader) -> None:
    verdict.value = value_of(reader)


def _set_flag(verdict: Verdict, reader: Reader) -> None:
    value = value_of(reader)
    if value not in (0, 1):
        raise ApiError("invalid", "expected 1 or 0, true or false", field="value")
    verdict.value, verdict.is_passed, verdict.label = value, bool(value), "true" if value else "false"


def _set_category(verdict: Verdict, reader: Reader) -> None:
    text = _text(reader)
    verdict.label = text[:MAX_LABEL]
    if len(text) > MAX_LABEL:
        verdict.details["label"] = text


def _set_text(verdict: Verdict, reader: Reader) -> None:
    verdict.details["text"] = _text(reader)


def _set_correction(verdict: Verdict, reader: Reader) -> None:
    verdict.label, verdict.details["correction"] = "correction", _text(reader)


def _text(reader: Reader) -> str:
    text = reader.text("value")
    if not text:
        raise ApiError("invalid", "expected a text that is not empty", field="value")
    return text


SETTERS: Mapping[str, Callable[[Verdict, Reader], None]] = {
    NUMERIC: _set_number,
    BOOLEAN: _set_flag,
    CATEGORICAL: _set_category,
    TEXT: _set_text,
    CORRECTION: _set_correction,
}
