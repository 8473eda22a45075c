"""Ids as clients write them."""

import uuid

from interactions.ingest.native.reader import Reader
from observatory.core.errors import ApiError

HEX = frozenset("0123456789abcdef")


def canonical_id(text: str, size: int) -> str:
    """Return an id of `size` bytes as lower-case hex without dashes; any other text as it is."""
    plain = text.replace("-", "").lower()
    return plain if len(plain) == 2 * size and HEX.issuperset(plain) else text


def read_trace_id(reader: Reader) -> str:
    return canonical_id(reader.label("trace_id", limit=64), 16)


def read_uuid(reader: Reader, name: str) -> uuid.UUID | None:
    _, value = reader.raw(name)
    if value is None or value == "":
        return None
    try:
        return uuid.UUID(value if isinstance(value, str) else "")
    except ValueError:
        raise ApiError("invalid", "expected a UUID", field=name) from None
