"""Observed values made storable: both stores refuse NUL, and no text with a lone surrogate can be encoded."""

import math
from typing import Any

from django.conf import settings

from observatory.core.errors import ApiError

REPLACEMENT = "\ufffd"


def clean_text(text: str) -> str:
    """Return `text` with each NUL and lone surrogate replaced by U+FFFD."""
    if "\x00" in text:
        text = text.replace("\x00", REPLACEMENT)
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        text = "".join(REPLACEMENT if "\ud800" <= character <= "\udfff" else character for character in text)
    return text


def clean_number(number: float) -> float | str:
    """Return a number beyond 64 bits as its text: PostgreSQL's JSON writes 1e300 out, and no encoder takes it back.

    One that no double holds is replaced.
    """
    if -(2**63) <= number < 2**63 or (isinstance(number, int) and 0 <= number < 2**64):
        return number
    if isinstance(number, float):
        return repr(number) if math.isfinite(number) else REPLACEMENT
    return str(number) if number.bit_length() < 4096 else REPLACEMENT


class Cleaner:
    """Cleans one free part of a record (metadata, attributes, data) and holds it to the limits.

    Raises ApiError with a code of too_deep, too_many_keys, key_too_long or text_too_long.
    """

    def __init__(self, field: str):
        limits = settings.OBSERVATORY
        self.field = field
        self.keys_left = limits["OBSERVATORY_MAX_KEYS"]
        self.max_keys = self.keys_left
        self.max_nesting = limits["OBSERVATORY_MAX_NESTING"]
        self.max_key_chars = limits["OBSERVATORY_MAX_KEY_CHARS"]
        self.max_text_chars = limits["OBSERVATORY_MAX_TEXT_CHARS"]

    def clean(self, value: Any, depth: int = 0) -> Any:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            self._check_depth(depth)
            return {self._key(key): self.clean(item, depth + 1) for key, item in value.items()}
        if isinstance(value, list):
            self._check_depth(depth)
            return [self.clean(item, depth + 1) for item in value]
        return clean_number(value) if isinstance(value, int | float) else value

    def _text(self, text: str) -> str:
        if len(text) > self.max_text_chars:
            raise ApiError("text_too_long", f"longer than {self.max_text_chars} characters", field=self.field)
        return clean_text(text)

    def _check_depth(self, depth: int) -> None:
        if depth >= self.max_nesting:
            raise ApiError("too_deep", f"nested deeper than {self.max_nesting} levels", field=self.field)

    def _key(self, key: Any) -> str:
        text = str(key)
        if len(text) > self.max_key_chars:
            raise ApiError("key_too_long", f"a key is longer than {self.max_key_chars} characters", field=self.field)
        self.keys_left -= 1
        if self.keys_left < 0:
            raise too_many_keys(self.max_keys, self.field)
        return clean_text(text)


def too_many_keys(most: int, field: str) -> ApiError:
    return ApiError("too_many_keys", f"more than {most} keys", field=field)
