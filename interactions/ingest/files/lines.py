"""Lines of a file of any size, in constant memory. A line that is too long is said, and skipped."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from observatory.core.errors import ApiError

STEP = 1024 * 1024
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    raw: bytes
    size: int
    is_too_long: bool = False

    def content(self, limit: int) -> bytes:
        if self.is_too_long:
            raise ApiError("too_large", f"The line is longer than {limit} bytes.")
        return self.raw

    def text(self, limit: int) -> str:
        try:
            return self.content(limit).decode()
        except UnicodeDecodeError as error:
            raise ApiError("undecodable", f"The line is not UTF-8: byte {error.start + 1} of it.") from None


def read_lines(file: BinaryIO, limit: int) -> Iterator[Line]:
    """Yield the lines that are not blank, without their ends."""
    number = 0
    while raw := file.readline(limit + 1):
        number += 1
        size = len(raw)
        if size > limit and not raw.endswith(b"\n"):
            yield Line(number, b"", size + _skip_rest(file), is_too_long=True)
            continue
        if number == 1:
            raw = raw.removeprefix(BOM)
        raw = raw.rstrip(b"\r\n")
        if raw.strip():
            yield Line(number, raw, size)


def _skip_rest(file: BinaryIO) -> int:
    skipped = 0
    while part := file.readline(STEP):
        skipped += len(part)
        if part.endswith(b"\n"):
            break
    return skipped


def count_lines(file: BinaryIO) -> int:
    """Return how many lines the file has, counted by their ends, and go back to its start."""
    lines, last = 0, b"\n"
    while part := file.read(STEP):
        lines += part.count(b"\n")
        last = part[-1:]
    file.seek(0)
    return lines + (last != b"\n")
