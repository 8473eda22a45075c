"""Reads the fields of one JSON object, each with its type and limits, and says exactly which one is wrong."""

import hashlib
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
from django.conf import settings
from django.utils.dateparse import parse_datetime

from interactions.ingest.amounts import AMOUNT, dollars_of
from interactions.ingest.clean import Cleaner, clean_text, too_many_keys
from interactions.ingest.depth import is_deeper
from observatory.core.errors import ApiError
from observatory.core.moments import EARLIEST, LATEST

MILLISECONDS_FROM = 100_000_000_000  # a number of seconds this large is the year 5138: it must be milliseconds
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MAX_INT = 2**31 - 1
MAX_MS = 1e12
NUMBER = (int, float)
BEYOND = float("inf")
IN_WORDS = {type(None): "null", bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list"}


class Reader:
    """Takes fields out of `data`; `rest()` is what nobody took. Raises ApiError `invalid` and the Cleaner's codes.

    `path`: where inside a record the object stands. A record itself has none: of a list its index tells which it is.
    """

    def __init__(self, data: Any, what: str, *, path: str | None = None):
        if not isinstance(data, dict):
            raise ApiError("invalid", f"{what}: expected a JSON object, not {IN_WORDS[type(data)]}", field=path)
        self._data = data
        self._taken: set[str] = set()

    def raw(self, *names: str) -> tuple[str, Any]:
        """Return the first of `names` that is given, with its value; None stands for absent."""
        self._taken.update(names)
        for name in names:
            value = self._data.get(name)
            if value is not None:
                return name, value
        return names[0], None

    def label(self, *names: str, limit: int) -> str:
        """An id, version or name: a text, or a number, as ids are in many databases."""
        name, value = self.raw(*names)
        return _held_text(name, _text_of(value), limit)

    def text(self, *names: str, limit: int | None = None) -> str:
        """A text, "" if absent, with NUL and lone surrogates replaced."""
        name, value = self.raw(*names)
        return _held_text(name, value, limit or settings.OBSERVATORY["OBSERVATORY_MAX_TEXT_CHARS"])

    def choice(self, name: str, choices: dict[str, Any]) -> Any:
        _, value = self.raw(name)
        if value is None:
            return None
        if not isinstance(value, str) or value.lower() not in choices:
            raise ApiError("invalid", f"expected one of {', '.join(choices)}", field=name)
        return choices[value.lower()]

    def count(self, *names: str) -> int | None:
        name, value = self.raw(*names)
        if value is None:
            return None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_INT:
            raise ApiError("invalid", f"expected a whole number from 0 to {MAX_INT}", field=name)
        return value

    def number(self, *names: str, low: float = 0, high: float = MAX_MS) -> float | None:
        name, value = self.raw(*names)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise ApiError("invalid", f"expected a number from {low:g} to {high:g}", field=name)
        return float(value)

    def dollars(self, name: str) -> Decimal | None:
        _, value = self.raw(name)
        if value is None:
            return None
        amount = dollars_of(value)
        if amount is None:
            raise ApiError("invalid", f"expected {AMOUNT}", field=name)
        return amount

    def moment_us(self, *names: str, default: datetime) -> int:
        """A time as ISO 8601 (UTC if it names no zone), or a number of seconds or milliseconds since 1970."""
        name, value = self.raw(*names)
        moment = default if value is None else self._moment(name, value)
        return (moment - EPOCH) // MICROSECOND  # exact, where a float rounds the last moment of 8999 into 9000

    def _moment(self, name: str, value: Any) -> datetime:
        found = None
        try:
            if isinstance(value, str):
                found = parse_datetime(value.strip())
            elif isinstance(value, int | float) and not isinstance(value, bool):
                found = datetime.fromtimestamp(value / 1000 if abs(value) >= MILLISECONDS_FROM else value, tz=UTC)
            if found is not None:
                found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError, OSError):
            found = None
        if found is None or not EARLIEST <= found < LATEST:
            reason = "expected a time from 1970 to 8999: ISO 8601, or seconds or milliseconds since 1970"
            raise ApiError("invalid", reason, field=name)
        return found

    def free(self, name: str) -> Any:
        """Any JSON value, cleaned and held to the limits of nesting, keys and text."""
        _, value = self.raw(name)
        return None if value is None else Cleaner(name).clean(value)

    def mapping(self, name: str) -> dict[str, Any]:
        value = self.free(name)
        if value is not None and not isinstance(value, dict):
            raise ApiError("invalid", "expected an object", field=name)
        return value or {}

    def labels(self, name: str, *, most: int, limit: int) -> list[str]:
        _, value = self.raw(name)
        if value is None:
            return []
        if not isinstance(value, list) or len(value) > most:
            raise ApiError("invalid", f"expected a list of at most {most} texts", field=name)
        return [_held_text(f"{name}[{index}]", _text_of(item), limit, is_needed=True) for index, item in enumerate(value)]

    def rest(self) -> dict[str, Any]:
        """What no field took: kept as attributes, so that nothing sent is lost."""
        most = settings.OBSERVATORY["OBSERVATORY_MAX_KEYS"]
        if len(self._data) - len(self._taken) > most:
            raise too_many_keys(most, "attributes")  # before a million are gone through
        left = {name: value for name, value in self._data.items() if name not in self._taken}
        return Cleaner("attributes").clean(left) if left else {}


def _text_of(value: Any) -> Any:
    """A number as its text, anything else as it is."""
    is_number = isinstance(value, NUMBER) and not isinstance(value, bool) and abs(value) < BEYOND
    return str(value) if is_number else value


def _held_text(name: str, value: Any, most: int, *, is_needed: bool = False) -> str:
    if value is None and not is_needed:
        return ""
    if not isinstance(value, str):
        raise ApiError("invalid", "expected a text", field=name)
    if len(value) > most:
        raise ApiError("text_too_long", f"longer than {most} characters", field=name)
    return clean_text(value)


def body_hash(data: dict[str, Any]) -> int:
    """A signed 64-bit hash of an object: equal for equal bodies, whatever the order of their keys.

    Raises ApiError `too_deep` with the field where the cleaner would, for neither way below can go deeper.
    """
    try:
        text = orjson.dumps(data, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # nested too deep, a lone surrogate, or an integer beyond 64 bits: the cleaner will replace these two
        _hold_depth(data)
        text = repr(sorted(data.items())).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big", signed=True)


def _hold_depth(data: dict[str, Any]) -> None:
    levels = settings.OBSERVATORY["OBSERVATORY_MAX_NESTING"]
    for name, value in data.items():
        # A list of passages, each with its free part, is two levels more.
        if is_deeper(value, levels + 2):
            raise ApiError("too_deep", f"nested deeper than {levels} levels", field=clean_text(name)[:100])
