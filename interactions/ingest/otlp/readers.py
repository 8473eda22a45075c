"""One value of an attribute as the type its target wants; None where it cannot be that, and then it stays an attribute."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from interactions.ingest.amounts import dollars_of, rounded
from interactions.ingest.otlp.json_text import parsed

Reader = Callable[[Any], Any]
MAX_INT = 2**31 - 1
MAX_WORD = 255
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
QUOTED = '[{"'
WORDS = {"true": True, "false": False, "null": None}
SCRUBBED = "[Scrubbed due to"  # what logfire puts where it suspects a secret, session.id for one


def count(value: Any) -> int | None:
    if type(value) is int:
        return value if 0 <= value <= MAX_INT else None
    number = number_of(value)
    return int(number) if number is not None and number.is_integer() and 0 <= number <= MAX_INT else None


def number_of(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str) or (isinstance(value, str) and len(value) > 40):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < 1e15 else None


def milliseconds(value: Any) -> float | None:
    number = number_of(value)
    return number if number is not None and number >= 0 else None


def seconds(value: Any) -> float | None:
    """Return a duration in seconds as milliseconds."""
    number = number_of(value)
    return round(number * 1000, 6) if number is not None and number >= 0 else None


def total_dollars(value: Any) -> Decimal | None:
    """Return the total of an object of costs, or the sum of its parts."""
    costs = structure(value)
    if not isinstance(costs, dict):
        return None
    for name in ("total", "total_cost"):
        if name in costs:
            return dollars_of(costs[name])
    parts = [amount for amount in map(dollars_of, costs.values()) if amount is not None]
    return rounded(sum(parts, Decimal())) if parts else None


def word(value: Any) -> str | None:
    """Return an id, name or version."""
    if type(value) is not str:
        return str(value) if type(value) in (int, float) else None
    found = value[:MAX_WORD].strip()
    return found if found and not found.startswith(SCRUBBED) else None


def text(value: Any) -> str | None:
    """Return a sentence of any length."""
    return value if type(value) is str and value else None


def words(value: Any) -> list[str] | None:
    """Return tags: a list, or a JSON list, or texts between commas."""
    value = structure(value)
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list):
        return None
    return [tag for tag in map(word, value) if tag] or None


def structure(value: Any) -> Any:
    """Return the JSON value that a text holds, anything else as it is."""
    return parsed(value) if type(value) is str else value


def mapping(value: Any) -> dict[str, Any] | None:
    found = structure(value)
    return found if isinstance(found, dict) and found else None


def unquoted(value: Any) -> Any:
    """Return the value of dialects that encode every value as JSON; "1.10" stays the version that it probably is."""
    if type(value) is not str:
        return value
    if value in WORDS:
        return WORDS[value]
    if value.isascii() and value.isdecimal() and len(value) < 16 and str(int(value)) == value:
        return int(value)
    return parsed(value, QUOTED)


def unquoted_content(value: Any) -> Any:
    """Like `unquoted`, for questions and answers: "42" may be what somebody said."""
    if type(value) is not str:
        return value
    return None if value == "null" else parsed(value, QUOTED)


def moment_ns(value: Any) -> int | None:
    """Return an ISO time as nanoseconds since 1970."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    elapsed = moment - EPOCH
    return (elapsed.days * 86_400_000_000 + elapsed.seconds * 1_000_000 + elapsed.microseconds) * 1000


def model_of(value: Any) -> str | None:
    """Return the model named inside the parameters of a call."""
    parameters = structure(value)
    return word(parameters.get("model")) if isinstance(parameters, dict) else None


def thread_of(value: Any) -> str | None:
    """Return the conversation that a metadata object names."""
    found = structure(value)
    if not isinstance(found, dict):
        return None
    return next((word(found[name]) for name in ("session_id", "thread_id", "conversation_id") if name in found), None)


def one_of(table: Mapping[str, Any]) -> Reader:
    """Return a reader that looks a name up, whatever its case."""

    def look_up(value: Any) -> Any:
        return table.get(value.lower()) if isinstance(value, str) else None

    return look_up
