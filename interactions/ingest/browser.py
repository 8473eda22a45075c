"""The browser's metrics: `{"type", "data", "timestamp"}`, each type a table of its fields."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from interactions.ingest.native.event import parse_event
from interactions.ingest.records import EventRecord
from observatory.core.errors import ApiError

# The key may be read in any page: whoever sends with it gets little room. Browsers keep to 64 KiB for `keepalive`, too.
MAX_EVENT_BYTES = 64 * 1024
MAX_BODY_BYTES = 1024 * 1024
SEVERITIES = ("low", "medium", "high", "critical")
NUMBER, SHARE, TEXT, FLAG, COUNT, RATING, SEVERITY, ANY = (
    "a number", "a number from 0 to 1", "a text", "true or false", "a whole number", "a number from 1 to 5",
    f"one of {', '.join(SEVERITIES)}", "any value",
)  # fmt: skip

TYPES: Mapping[str, Mapping[str, str]] = {
    "gesture_recognition": {
        "sessionId": TEXT, "confidence": SHARE, "processingTime": NUMBER, "landmarks": ANY, "success": FLAG,
        "errorType": TEXT,
    },
    "user_interaction": {"sessionId": TEXT, "action": TEXT, "component": TEXT, "duration": NUMBER, "metadata": ANY},
    "performance": {
        "pageLoadTime": NUMBER, "domContentLoaded": NUMBER, "firstPaint": NUMBER, "firstContentfulPaint": NUMBER,
        "memoryUsage": NUMBER,
    },
    "error": {
        "message": TEXT, "stack": TEXT, "component": TEXT, "sessionId": TEXT, "userId": TEXT, "severity": SEVERITY,
        "userAgent": TEXT, "url": TEXT,
    },
    "user_journey_completion": {"sessionId": TEXT, "completionRate": NUMBER, "step": ANY},
    "question_category": {"category": TEXT, "questionLength": COUNT},
    "user_feedback": {"sessionId": TEXT, "qnaLogId": ANY, "rating": RATING, "feedbackText": TEXT, "helpful": FLAG},
}  # fmt: skip


def parse_browser_event(data: Any, *, now: datetime) -> EventRecord:
    """Return the record of one message; raises ApiError naming the field. Fields that a type does not list are kept."""
    if not isinstance(data, dict):
        raise ApiError("invalid", "expected a JSON object with type and data")
    kind, content = data.get("type"), data.get("data")
    if not isinstance(kind, str) or kind not in TYPES:
        raise ApiError("invalid", f"expected one of {', '.join(TYPES)}", field="type")
    if not isinstance(content, dict):
        raise ApiError("invalid", "expected an object", field="data")
    for name, expected in TYPES[kind].items():
        value = content.get(name)
        if value is not None and not fits(value, expected):
            raise ApiError("invalid", f"expected {expected}", field=f"data.{name}")
    record = parse_event(data, now=now)
    if len(orjson.dumps(record.data)) > MAX_EVENT_BYTES:
        raise ApiError("too_large", f"A message has at most {MAX_EVENT_BYTES} bytes.", status=413)
    return record


def fits(value: Any, expected: str) -> bool:
    """Whether a JSON value is of the expected kind."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    match expected:
        case "a text":
            return isinstance(value, str)
        case "true or false":
            return isinstance(value, bool)
        case "a number":
            return is_number and abs(value) < 1e15
        case "a whole number":
            return is_number and abs(value) < 2**31 and float(value).is_integer()
        case "a number from 0 to 1":
            return is_number and 0 <= value <= 1
        case "a number from 1 to 5":
            return is_number and 1 <= value <= 5
        case "any value":
            return True
    return value in SEVERITIES
