"""What is read from a file: one record a row, or what is wrong with it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from interactions.ingest.native.reader import body_hash
from observatory.core.errors import ApiError

NAMESPACE = uuid.UUID("0f3c8a52-7d0e-4b43-9f0a-5c4f1d1f6b7e")  # ours; never changes, or files would be imported twice


@dataclass(slots=True)
class Row:
    """`line` is where it starts, from 1. `problem` says why there is no body."""

    line: int
    size: int = 0
    body: dict[str, Any] = field(default_factory=dict)
    problem: ApiError | None = None


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A format is its columns and how a row of them becomes a native interaction (which raises ApiError)."""

    name: str
    about: str
    columns: frozenset[str]
    convert: Callable[[dict[str, Any]], dict[str, Any]]


def row_id(format_name: str, row: Row) -> str:
    """The id of a record that has none: its line and content, since a file may say the same twice. Equal in every run."""
    return str(uuid.uuid5(NAMESPACE, f"{format_name}:{row.line}:{body_hash(row.body)}"))
