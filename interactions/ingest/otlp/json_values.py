"""AnyValue and attributes of the JSON encoding."""

import math
from typing import Any

from interactions.ingest.otlp.limits import Limits, are_short_texts, held_nested, held_text, hold_keys, plain_number
from interactions.ingest.otlp.vectors import is_vector
from observatory.core.errors import ApiError

MAX_DIGITS = 20  # of a 64-bit integer, with its sign
# The exact depth is held where both encodings meet; this only bounds the recursion before that.
SPARE_LEVELS = 2
EXACT = (float, type(None))
MAX_INT = 2**63 - 1
NOT_FINITE = frozenset({"NaN", "Infinity", "-Infinity"})


def attributes_of(pairs: Any, limits: Limits) -> dict[str, Any]:
    """Return `[{key, value}]` as a mapping; raises ApiError `malformed` or a limit's code."""
    if not pairs:
        return {}
    if not isinstance(pairs, list):
        raise ApiError("malformed", "a list was expected", field="attributes")
    limits.take_pairs(len(pairs))
    found: dict[str, Any] = {}
    longest = limits.text_chars
    try:
        for pair in pairs:
            key, value = pair["key"], pair.get("value")
            text = value.get("stringValue") if value else None
            if type(text) is str and len(text) <= longest:
                found[key] = text
            elif not (value and "arrayValue" in value and is_vector(key)):
                found[key] = _value(value, key, limits)
        return hold_keys(found, limits)
    except (KeyError, TypeError, AttributeError):
        raise ApiError("malformed", "an attribute is not {key, value}", field="attributes") from None


def _value(value: Any, field: str, limits: Limits) -> Any:
    found = plain(value, limits, limits.nesting + SPARE_LEVELS)
    if isinstance(found, str):
        return held_text(found, limits, field)
    if isinstance(found, int) and -MAX_INT <= found <= MAX_INT:
        return found
    if isinstance(found, list):
        return found if are_short_texts(found) else held_nested(found, field)
    return found if type(found) in EXACT else held_nested(found, field)


def plain(value: Any, limits: Limits, levels: int) -> Any:
    """Return an AnyValue as plain JSON. The first field that is known counts; an empty value is None."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise ApiError("malformed", "a value is not an object like {stringValue}", field="attributes")
    if levels <= 0:
        raise ApiError("too_deep", "nested too deeply", field="attributes")
    for name, content in value.items():
        if name in SCALARS and content is not None:
            return SCALARS[name](content)
        if name == "arrayValue":
            return [plain(item, limits, levels - 1) for item in _values(content, limits)]
        if name == "kvlistValue":
            return {_key(pair): plain(pair.get("value"), limits, levels - 1) for pair in _values(content, limits)}
    return None


def whole(value: Any) -> int | str:
    """Return a 64-bit integer, which the encoding writes as text and clients as a number too; any other text as it is."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return int(value)
    if isinstance(value, str):
        digits = value.removeprefix("-")
        return int(value) if len(digits) <= MAX_DIGITS and digits.isascii() and digits.isdecimal() else value
    raise ApiError("malformed", "a whole number was expected", field="attributes")


def _real(value: Any) -> float | str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return plain_number(value)
    if isinstance(value, str) and (value in NOT_FINITE or len(value) <= MAX_DIGITS * 2):
        try:
            return plain_number(float(value))
        except ValueError:
            pass  # told below, in one way for texts and for other types
    raise ApiError("malformed", "a number was expected", field="attributes")


def _as_it_is(value: Any) -> Any:
    if isinstance(value, list | dict):
        raise ApiError("malformed", "a plain value was expected", field="attributes")
    return plain_number(value) if isinstance(value, float) else value


def _values(content: Any, limits: Limits) -> list[Any]:
    values = content.get("values", []) if isinstance(content, dict) else None
    if not isinstance(values, list):
        raise ApiError("malformed", "a list of values was expected", field="attributes")
    limits.take(len(values))
    return values


def _key(pair: Any) -> str:
    if not isinstance(pair, dict) or not isinstance(pair.get("key"), str):
        raise ApiError("malformed", "an attribute is not {key, value}", field="attributes")
    return pair["key"]


SCALARS = {
    "stringValue": _as_it_is,
    "boolValue": _as_it_is,
    "bytesValue": _as_it_is,
    "intValue": whole,
    "doubleValue": _real,
}
