"""The limits of one record, held cheaply: a span of three kilobytes is checked in about two microseconds."""

import math
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from interactions.ingest.clean import REPLACEMENT, Cleaner, clean_number, clean_text
from observatory.core.errors import ApiError

# A list below both is within every limit that makes sense.
SHORT_LIST = 16
SHORT_TEXTS = 500
PARTS_PER_SPAN = 100  # on average, over all spans that a request may hold


@dataclass(slots=True)
class Limits:
    """The limits of one request. `parts_left` counts attributes, their items and events down: two bytes each suffice."""

    text_chars: int
    keys: int
    key_chars: int
    nesting: int
    records: int
    parts_left: int

    @classmethod
    def current(cls) -> "Limits":
        limits = settings.OBSERVATORY
        return cls(
            text_chars=limits["OBSERVATORY_MAX_TEXT_CHARS"],
            keys=limits["OBSERVATORY_MAX_KEYS"],
            key_chars=limits["OBSERVATORY_MAX_KEY_CHARS"],
            nesting=limits["OBSERVATORY_MAX_NESTING"],
            records=limits["OBSERVATORY_MAX_SPANS"],
            parts_left=limits["OBSERVATORY_MAX_SPANS"] * PARTS_PER_SPAN,
        )

    def take(self, number: int) -> None:
        """Count attributes, items or events before they are read; raises ApiError `too_many` where no room is left."""
        if number > self.parts_left:
            raise ApiError("too_many", "the request holds too many attributes and events", field="attributes")
        self.parts_left -= number

    def take_pairs(self, number: int) -> None:
        """Count the attributes of one span, event or record; raises ApiError `too_many_keys` too."""
        if number > self.keys:
            raise ApiError("too_many_keys", f"more than {self.keys} keys", field="attributes")
        self.take(number)


def held_text(text: str, limits: Limits, field: str) -> str:
    """Return the text without NUL. What the decoders hand over has no lone surrogate."""
    if len(text) > limits.text_chars:
        raise ApiError("text_too_long", f"longer than {limits.text_chars} characters", field=field)
    return text.replace("\x00", REPLACEMENT) if "\x00" in text else text


def hold_keys(attributes: dict[str, Any], limits: Limits) -> dict[str, Any]:
    """Return the attributes of one span, event or record; their values and number are held already."""
    if not attributes:
        return attributes
    if max(map(len, attributes)) > limits.key_chars:
        raise ApiError("key_too_long", f"a key is longer than {limits.key_chars} characters", field="attributes")
    if "\x00" in "".join(attributes):
        return {clean_text(key): value for key, value in attributes.items()}
    return attributes


def are_short_texts(values: list[Any]) -> bool:
    """Whether a list is tags, finish reasons or the like, which need no further look."""
    if len(values) > SHORT_LIST or not all(values) or set(map(type, values)) - {str}:
        return False
    joined = "".join(values)
    return len(joined) <= SHORT_TEXTS and "\x00" not in joined


def held_nested(value: Any, field: str) -> Any:
    """Return a list or mapping cleaned and held to depth, number of keys and length of texts."""
    return Cleaner(field).clean(value)


def plain_number(number: float) -> float | str:
    """Return a float that JSON can hold: infinities and not-a-number as their names in the JSON mapping of protobuf."""
    if math.isfinite(number):
        return clean_number(number)
    if math.isnan(number):
        return "NaN"
    return "Infinity" if number > 0 else "-Infinity"
