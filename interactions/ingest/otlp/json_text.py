"""JSON as clients really write it: read fast where it is right, read tolerantly where it is not.

orjson refuses what Python's own encoder writes (lone surrogates, NaN) and numbers that are no double. One such value
must not cost its neighbours, so a refused text is read again by Python's decoder: lone surrogates and invalid UTF-8
become U+FFFD, NaN and the infinities their names, numbers that no column could hold U+FFFD or text.
"""

import json
from typing import Any

import orjson

from interactions.ingest.clean import REPLACEMENT, clean_text
from interactions.ingest.otlp.limits import plain_number
from observatory.core.errors import ApiError

MAX_DIGITS = 300  # the longest whole number that is still a double; Python itself refuses more than 4,300
MAX_NESTING = 32


def loads(body: bytes) -> Any:
    """Return the value of a whole request body; raises ApiError `undecodable`. NUL and lone surrogates are replaced."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return _loads_tolerantly(body.decode("utf-8-sig", "replace"))
    return _cleaned(value) if b"\\u0000" in body else value


def parsed(text: str, openers: str = "[{") -> Any:
    """Return the JSON value inside an attribute, or the text itself where it is none.

    Only a text that begins with one of `openers` is tried: "42" and "true" are as likely what somebody wrote.
    """
    if not text or (text[0] not in openers and text.lstrip()[:1] not in ("[", "{")):
        return text
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        value = _tolerantly_or_none(text)
        if value is None:
            return text
    if "\\u0000" in text:
        value = _cleaned(value)
    if text.count("[") + text.count("{") > MAX_NESTING and _is_deeper(value, MAX_NESTING):
        return text
    return value


def _loads_tolerantly(text: str) -> Any:
    try:
        return _cleaned(json.loads(text, parse_int=_whole, parse_float=_real, parse_constant=str))
    except RecursionError:
        raise ApiError("undecodable", "The JSON body is nested too deeply.") from None
    except ValueError as error:
        raise ApiError("undecodable", f"The body is not JSON: {error}") from None


def _tolerantly_or_none(text: str) -> Any:
    """Only what a Python client may have written is worth a second reading."""
    if "\\u" not in text and "NaN" not in text and "Infinity" not in text:
        return None
    try:
        return _loads_tolerantly(text)
    except ApiError:
        return None


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= MAX_DIGITS else REPLACEMENT


def _real(digits: str) -> float | str:
    return plain_number(float(digits)) if len(digits) <= MAX_DIGITS else REPLACEMENT


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(key): _cleaned(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    return value


def _is_deeper(value: Any, levels: int) -> bool:
    """Whether lists and objects are nested deeper than `levels`."""
    if not isinstance(value, list | dict):
        return False
    if levels == 0:
        return True
    items = value.values() if isinstance(value, dict) else value
    return any(_is_deeper(item, levels - 1) for item in items if isinstance(item, list | dict))
