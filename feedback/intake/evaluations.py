"""OpenTelemetry's evaluation events (`gen_ai.evaluation.result`, of logs and of spans) as scores."""

from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from typing import Any

from feedback.ids import id_of
from feedback.intake.langfuse import set_comment
from feedback.intake.native import MAX_LABEL, MAX_NAME, MOST
from feedback.models import Source, State
from feedback.scores import Verdict
from interactions.ingest.said import Said

RESULT = "gen_ai.evaluation.result"
NAME, VALUE, LABEL, EXPLANATION, RESPONSE, ERROR = (
    "gen_ai.evaluation.name",
    "gen_ai.evaluation.score.value",
    "gen_ai.evaluation.score.label",
    "gen_ai.evaluation.explanation",
    "gen_ai.response.id",
    "error.type",
)
PASSES = {"pass": True, "passed": True, "fail": False, "failed": False}


def verdict_of(said: Said, *, now: datetime) -> Verdict | None:
    """None for an event without a name, or without value, label and error: it stays an event."""
    attributes = _attributes(said.data)
    name, value, label = _text(attributes, NAME).strip()[:MAX_NAME], _number(attributes.get(VALUE)), _text(attributes, LABEL)
    error = _text(attributes, ERROR)
    if not name or (value is None and not label and not error):
        return None
    verdict = Verdict(
        id_of("event", said.id),
        Source.APPLICATION,
        name,
        min(now, said.at),
        trace_id=said.trace_id or None,
        span_id=said.span_id or None,
        session_id=said.session_id,
        user_id=said.user_id,
        details={"response_id": response} if (response := _text(attributes, RESPONSE)) else {},
    )
    explanation = _text(attributes, EXPLANATION)
    if error:
        verdict.state = State.FAILED
        set_comment(verdict, f"{error}: {explanation}" if explanation else error)
        return verdict
    verdict.value, verdict.label, verdict.is_passed = value, label[:MAX_LABEL], PASSES.get(label.lower())
    set_comment(verdict, explanation)
    return verdict


def _attributes(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """A log record has them apart; an event of the native API may have them as its data."""
    inner = data.get("attributes")
    return inner if isinstance(inner, dict) else data


def _text(attributes: Mapping[str, Any], name: str) -> str:
    value = attributes.get(name)
    return value if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    """Also a flag, and a number in a text, as some clients send it."""
    try:
        number = float(value) if isinstance(value, int | float | str) else None
    except (ValueError, OverflowError):
        return None
    return number if number is not None and isfinite(number) and abs(number) <= MOST else None
