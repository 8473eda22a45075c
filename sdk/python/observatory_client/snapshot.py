"""Values as JSON has them, copied at once: what the application changes afterwards does not change what is sent.

Nothing of the application is called from the sending thread: an object of a database might not stand it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from math import isfinite
from typing import Any

# What the server takes at most, by its defaults; one text or value too long must not cost the record.
MAX_DEPTH = 24
MAX_NODES = 10_000
MAX_TEXT_CHARS = 1_000_000
MAX_INT = 2**63
CUT = " [cut]"
LEFT_OUT = "[left out]"
PLAIN: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (str, str),
    (int, int),
    (float, float),
    (Mapping, dict),
    ((list, tuple, set, frozenset), list),
    ((bytes, bytearray), lambda value: bytes(value).decode("utf-8", "replace")),
)


class Snapshot:
    """Copies values. `chars` is the length of all texts so far: what the copy holds in memory, roughly."""

    __slots__ = ("chars", "nodes")

    def __init__(self) -> None:
        self.chars = 0
        self.nodes = 0

    def take(self, value: Any, depth: int = 0) -> Any:
        """Return a copy of plain JSON values; None stands for a number that JSON does not know."""
        kind = type(value)
        if kind is str:
            return self._text(value)
        if value is None or kind is bool:
            return value
        if kind is int:
            return value if -MAX_INT <= value < MAX_INT else LEFT_OUT
        if kind is float:
            return value if isfinite(value) else None
        is_container = kind is dict or kind is list or kind is tuple
        self.nodes += 1 + (len(value) if is_container else 0)
        if depth >= MAX_DEPTH or self.nodes > MAX_NODES:
            return LEFT_OUT
        if kind is dict:
            # A list first: another thread may add a key meanwhile.
            return {self._key(key): self.take(item, depth + 1) for key, item in list(value.items())}
        if is_container:
            return [self.take(item, depth + 1) for item in value]
        return self._converted(value, depth)

    def _converted(self, value: Any, depth: int) -> Any:
        try:
            simpler = _simpler(value)
        except Exception:  # noqa: BLE001  (whatever an object of the application does, the rest of the record is kept)
            return LEFT_OUT
        return self.take(simpler, depth + 1)

    def _text(self, text: str) -> str:
        if len(text) > MAX_TEXT_CHARS:
            text = text[: MAX_TEXT_CHARS - len(CUT)] + CUT
        self.chars += len(text)
        return text

    def _key(self, key: Any) -> str:
        return self._text(key if type(key) is str else str(key))


def _simpler(value: Any) -> Any:
    """Return a value that is one step nearer to JSON; a text in the end."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    for kinds, plain in PLAIN:
        if isinstance(value, kinds):
            return plain(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    # Pydantic's models (the answers of OpenAI, Anthropic and Google are such); numbers and arrays of numpy.
    for method in ("model_dump", "tolist"):
        convert = getattr(type(value), method, None)
        if callable(convert):
            return convert(value)
    return str(value)
