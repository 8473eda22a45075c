"""Columns of our own."""

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    TextColumn = models.Field[str, str]
else:
    TextColumn = models.Field

TEXT_MARK = b"\xff"
# What was counted of a call: columns of interactions and of spans. Cached and written ones are part of the input, reasoning
# of the output.
TOKENS = ("input_tokens", "output_tokens", "cached_tokens", "cache_write_tokens", "reasoning_tokens")


def pack_id(value: str, size: int) -> bytes:
    """Return the stored bytes of an id: `size` raw bytes for lower-case hex of that length, marked UTF-8 otherwise."""
    if len(value) == 2 * size:
        try:
            raw = bytes.fromhex(value)
        except ValueError:
            raw = b""
        if raw.hex() == value:
            return raw
    packed = TEXT_MARK + value.encode("utf-8", "replace")
    return TEXT_MARK + packed if len(packed) == size else packed


def unpack_id(raw: bytes, size: int) -> str:
    if len(raw) == size:
        return raw.hex()
    return raw.lstrip(TEXT_MARK).decode()


class HexIdField(TextColumn):
    """An OpenTelemetry id: a string in Python, `size` bytes in the database instead of twice that and a header.

    Ids that are not hex of the right length ("req-17", as hand-written clients send them) are kept as marked text.
    """

    def __init__(self, *args: Any, size: int, **kwargs: Any):
        self.size = size
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "size": self.size}

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return connection.Database.Binary(pack_id(value, self.size)) if isinstance(value, str) else value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else unpack_id(bytes(value), self.size)

    def value_to_string(self, obj: Any) -> str:
        return self.value_from_object(obj) or ""


def TraceIdField(**kwargs: Any) -> HexIdField:
    return HexIdField(size=16, **kwargs)


def SpanIdField(**kwargs: Any) -> HexIdField:
    return HexIdField(size=8, **kwargs)
