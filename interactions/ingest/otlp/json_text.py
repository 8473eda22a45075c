"""JSON as clients really write it: read fast where it is right, read tolerantly where it is not.

orjson refuses what Python's own encoder writes (lone surrogates, NaN) and numbers that are no double. One such value
must not cost its neighbours, so a refused text is read again by Python's decoder: lone surrogates and invalid UTF-8
become U+FFFD, NaN and the infinities their names, numbers that no column could hold U+FFFD or text.
"""

import json
from typing import Any

import orjson

from interactions.ingest.clean import REPLACEMENT, clean_text
from interactions.ingest.depth import is_deeper, items_of
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
    if text.count("[") + text.count("{") > MAX_NESTING and is_deeper(value, MAX_NESTING):
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
    """Clean a value in its place, without recursion: what is nested too deep is refused later, alone."""
    root = [value]
    waiting: list[Any] = [root]
    while waiting:
        parent = waiting.pop()
        if isinstance(parent, dict):
            cleaned = {clean_text(key): _clean_leaf(item) for key, item in parent.items()}
            parent.clear()
            parent.update(cleaned)
        else:
            parent[:] = map(_clean_leaf, parent)
        waiting.extend(item for item in items_of(parent) if isinstance(item, list | dict))
    return root[0]


def _clean_leaf(value: Any) -> Any:
    return clean_text(value) if isinstance(value, str) else value
