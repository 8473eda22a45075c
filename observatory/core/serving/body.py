"""Request bodies, read in the event loop: a slow client costs no thread, and memory is bounded."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

BODY_TIMEOUT_S = 120.0
# Bodies of this many requests of the largest size may be in memory at once; beyond that, 503.
LARGEST_BODIES_AT_ONCE = 8


class ClientGone(Exception):
    """The client closed the connection before its body was complete."""


class BodyRefused(Exception):
    """The body will not be taken. Holds what to answer, and whether the client may still be sending."""

    def __init__(self, status: int, code: str, reason: str, *, more_comes: bool = True, retry_after_s: int | None = None):
        super().__init__(reason)
        self.status, self.code, self.reason = status, code, reason
        self.more_comes, self.retry_after_s = more_comes, retry_after_s


class BodyReader:
    """Reads bodies of at most `max_bytes`; all that are being read share one budget."""

    def __init__(self, max_bytes: int):
        self.max_bytes = max_bytes
        self.budget = max_bytes * LARGEST_BODIES_AT_ONCE
        self.held = 0

    async def read(self, headers: Iterable[tuple[bytes, bytes]], receive: Receive) -> bytes:
        """Return the whole body. The caller gives it back with `release(len(body))`."""
        if declared_length(headers) > self.max_bytes:
            raise self._too_large(more_comes=True)
        try:
            async with asyncio.timeout(BODY_TIMEOUT_S):
                return await self._collect(receive)
        except TimeoutError:
            raise BodyRefused(408, "timeout", f"The body did not arrive within {BODY_TIMEOUT_S:.0f} s.") from None

    def release(self, size: int) -> None:
        self.held -= size

    async def _collect(self, receive: Receive) -> bytes:
        chunks: list[bytes] = []
        size = 0
        try:
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientGone
                chunk, more_comes = message.get("body", b""), message.get("more_body", False)
                size += len(chunk)
                self.held += len(chunk)
                if size > self.max_bytes:
                    raise self._too_large(more_comes)
                if self.held > self.budget:
                    reason = "Too many bodies are being received."
                    raise BodyRefused(503, "overloaded", reason, more_comes=more_comes, retry_after_s=1)
                chunks.append(chunk)
                if not more_comes:
                    return b"".join(chunks) if len(chunks) > 1 else chunk
        except BaseException:
            self.release(size)
            raise

    def _too_large(self, more_comes: bool) -> BodyRefused:
        return BodyRefused(413, "too_large", f"The body is larger than {self.max_bytes} bytes.", more_comes=more_comes)


def declared_length(headers: Iterable[tuple[bytes, bytes]]) -> int:
    """The Content-Length, or 0 if there is none that is a number."""
    for name, value in headers:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0
