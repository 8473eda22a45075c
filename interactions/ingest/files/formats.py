"""The formats there are, and which one a file has."""

from pathlib import Path

from interactions.ingest.files.azure import AZURE
from interactions.ingest.files.begin import BEGIN
from interactions.ingest.files.halueval import HALUEVAL
from interactions.ingest.files.native import NATIVE
from interactions.ingest.files.row import FileFormat
from interactions.ingest.files.tables import header_of
from observatory.core.bodies import parse_json
from observatory.core.errors import ApiError

FORMATS = {one.name: one for one in (NATIVE, HALUEVAL, BEGIN, AZURE)}
HEAD_BYTES = 64 * 1024
JSON_SUFFIXES = {".jsonl", ".ndjson", ".json"}


class UnreadableFileError(Exception):
    """The file as a whole cannot be imported; the message says why in one line."""


def is_json(path: Path, head: bytes) -> bool:
    """Tell JSON Lines from a table."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start == b"[":
        raise UnreadableFileError(f"{path} is one JSON list; write one object a line instead: jq -c '.[]' FILE.")
    return start == b"{" or path.suffix.lower() in JSON_SUFFIXES


def guess_format(path: Path, head: bytes) -> FileFormat:
    """Return the format whose columns the file has, else the one that its name names."""
    found = columns_in(path, head)
    known = [one for one in FORMATS.values() if one is not NATIVE and one.columns <= found]
    named = [one for one in FORMATS.values() if one.name in path.name.lower()]
    candidates = known or ([NATIVE] if NATIVE.columns & found else named)
    if candidates:
        return candidates[0]
    raise UnreadableFileError(f"{path} has the columns of no known format; name one with --format ({', '.join(FORMATS)}).")


def columns_in(path: Path, head: bytes) -> frozenset[str]:
    """Return the column names of the first line that can be read; empty where none can."""
    lines = head.removeprefix(b"\xef\xbb\xbf").splitlines()
    if not is_json(path, head):
        try:
            return frozenset(header_of(next(iter(lines), b"").decode()))
        except (ApiError, UnicodeDecodeError):
            return frozenset()
    for line in lines:
        try:
            found = parse_json(line)
        except ApiError:
            continue  # a broken line is reported when it is read; here it only cannot tell the format
        if isinstance(found, dict):
            return frozenset(found)
    return frozenset()
