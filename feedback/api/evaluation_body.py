"""The wish for an evaluation as JSON, read field by field; what is wrong is refused with its name."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from feedback.quality.batches.wish import Wish
from interactions.ingest.clean import clean_text
from observatory.core.errors import ApiError
from observatory.core.parameters import moment

FIELDS = (
    "evaluators filters interaction_ids since until sample_rate most_calls most_usd again"
).split()  # fmt: skip
ACTIONS = ("pause", "resume", "stop")
MOST_CHARS = 500


def wish_of(data: Any, project_id: int) -> Wish:
    """ApiError names the field that cannot be understood; what the wish means is checked where it is asked for."""
    if not isinstance(data, dict):
        raise ApiError("invalid", "expected an object")
    unknown = next((name for name in data if name not in FIELDS), None)
    if unknown is not None:
        raise ApiError("invalid", f"known are {', '.join(FIELDS)}", field=unknown[:100])
    given = {name: value for name, value in data.items() if value is not None}
    return Wish(
        project_id,
        evaluators=_texts(given, "evaluators"),
        filters=_filters(given),
        ids=[_uuid(one) for one in _texts(given, "interaction_ids")],
        since=_moment(given, "since"),
        until=_moment(given, "until"),
        sample_rate=_number(given, "sample_rate", 1.0),
        is_again=_flag(given, "again"),
        most_calls=_whole(given, "most_calls"),
        most_usd=None if "most_usd" not in given else Decimal(str(_number(given, "most_usd", 0.0))),
    )


def action_of(data: Any) -> str:
    found = data.get("action") if isinstance(data, dict) and len(data) == 1 else None
    if found not in ACTIONS:
        raise ApiError("invalid", f'Send {{"action": ACTION}}, one of {", ".join(ACTIONS)}.', field="action")
    return str(found)


def _texts(data: dict[str, Any], name: str) -> list[str]:
    found = data.get(name, [])
    if not isinstance(found, list) or not all(_is_text(one) for one in found):
        raise ApiError("invalid", "expected a list of texts", field=name)
    return found


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MOST_CHARS and clean_text(value) == value


def _filters(data: dict[str, Any]) -> dict[str, str]:
    found = data.get("filters", {})
    if not isinstance(found, dict) or not all(_is_text(name) for name in found):
        raise ApiError("invalid", "expected an object of the filters of GET /api/v1/interactions", field="filters")
    return {name: _filter(name, value) for name, value in found.items() if value is not None}


def _filter(name: str, value: Any) -> str:
    if name in ("since", "until"):
        raise ApiError("invalid", f"{name} stands beside the filters", field=f"filters.{name}")
    text = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    if not _is_text(text) or not text.strip():  # an empty one would ask for all, and that costs
        reason = f"expected a text of 1 to {MOST_CHARS} characters; leave it out to ask for all"
        raise ApiError("invalid", reason, field=f"filters.{name}"[:100])
    return str(text)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ApiError("invalid", "expected UUIDs", field="interaction_ids") from None


def _moment(data: dict[str, Any], name: str) -> datetime | None:
    value = data.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise ApiError("invalid", "expected a time in ISO 8601, for example 2026-01-31T09:00:00Z", field=name)
    return moment({name: value}, name)


def _number(data: dict[str, Any], name: str, default: float) -> float:
    value = data.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e15 < value < 1e15:
        raise ApiError("invalid", "expected a number", field=name)
    return value


def _whole(data: dict[str, Any], name: str) -> int | None:
    """Of any size: what it may be is said where the evaluation is asked for."""
    value = data.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise ApiError("invalid", "expected a whole number", field=name)
    return value


def _flag(data: dict[str, Any], name: str) -> bool:
    value = data.get(name, False)
    if not isinstance(value, bool):
        raise ApiError("invalid", "expected true or false", field=name)
    return value
