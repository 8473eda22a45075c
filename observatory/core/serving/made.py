"""A file that is made while it is read: answered like any file, so a client that reads slowly holds no thread."""

from collections.abc import Iterator


class MadeFile:
    """For FileResponse. Each read goes on with `parts`, in whatever thread it is called; never in two at once."""

    def __init__(self, parts: Iterator[bytes]):
        self._parts = parts
        self._rest = b""

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes, none only at the end."""
        if not self._rest:
            self._rest = next((part for part in self._parts if part), b"")
        found, self._rest = self._rest[:size], self._rest[size:]
        return found

    def close(self) -> None:
        self._parts, self._rest = iter(()), b""
