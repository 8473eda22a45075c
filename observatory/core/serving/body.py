"""Request bodies, read in the event loop: a slow client costs no thread, and memory is bounded."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from observatory.core.serving.budget import Budget, Place

Scope = dict[str, Any]
Headers = Iterable[tuple[bytes, bytes]]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

BODY_TIMEOUT_S = 120.0
# Bodies of this many requests of the largest size may be in memory at once; beyond that, 503.
LARGEST_BODIES_AT_ONCE = 8
# Enough for every form that somebody without a session or key may send.
WITHOUT_KEY_BYTES = 64 * 1024
SMALL_BODIES_AT_ONCE = 128
# The slowest client that is waited for: 1 KiB a second.
WINDOW_S, WINDOW_BYTES = 10.0, 10 * 1024
TOO_SLOW = "The body came too slowly: send at least 1 KiB a second, and all of it within two minutes."
KEY_HEADERS = frozenset({b"authorization", b"x-api-key"})
SESSION_COOKIE = b"sessionid="


class ClientGone(Exception):
    """The client closed the connection before its body was complete."""


class BodyRefused(Exception):
    """The body will not be taken. Holds what to answer, and whether the client may still be sending."""

    def __init__(self, status: int, code: str, reason: str, *, more_comes: bool = True, retry_after_s: int | None = None):
        super().__init__(reason)
        self.status, self.code, self.reason = status, code, reason
        self.more_comes, self.retry_after_s = more_comes, retry_after_s


class BodyReader:
    """Reads bodies of at most `max_bytes`, and without a key of at most WITHOUT_KEY_BYTES, from a budget of their own.

    Whether the key is right is known only after the body was read; but who sends none never gets room for a large one.
    """

    def __init__(self, max_bytes: int):
        self.max_bytes = max_bytes
        self.with_key = Budget(max_bytes * LARGEST_BODIES_AT_ONCE)
        self.without_key = Budget(WITHOUT_KEY_BYTES * SMALL_BODIES_AT_ONCE)

    def place(self, scope: Scope) -> Place:
        """Return the place that this request's body may take. The caller leaves it when the body is used."""
        budget = self.with_key if has_key(scope["headers"]) else self.without_key
        return Place(budget, (scope.get("client") or ("", 0))[0])

    async def read(self, place: Place, headers: Headers, receive: Receive) -> bytes:
        """Return the whole body, held in `place`."""
        most = self.max_bytes if place.budget is self.with_key else min(self.max_bytes, WITHOUT_KEY_BYTES)
        declared = declared_length(headers)
        if declared > most:
            raise self._too_large(declared, more_comes=True)
        loop = asyncio.get_running_loop()
        end = loop.time() + BODY_TIMEOUT_S
        try:
            async with asyncio.timeout_at(min(end, loop.time() + WINDOW_S)) as limit:
                return await self._collect(place, most, receive, lambda: limit.reschedule(min(end, loop.time() + WINDOW_S)))
        except TimeoutError:
            raise BodyRefused(408, "timeout", TOO_SLOW) from None

    async def _collect(self, place: Place, most: int, receive: Receive, go_on: Callable[[], None]) -> bytes:
        """`go_on` moves the deadline; it is called for each WINDOW_BYTES."""
        chunks: list[bytes] = []
        window = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            chunk, more_comes = message.get("body", b""), message.get("more_body", False)
            has_room = place.take(len(chunk))
            if place.size > most:
                raise self._too_large(place.size, more_comes)
            if not has_room:
                reason = "Too many bodies are being received."
                raise BodyRefused(503, "overloaded", reason, more_comes=more_comes, retry_after_s=1)
            chunks.append(chunk)
            if not more_comes:
                return b"".join(chunks) if len(chunks) > 1 else chunk
            window += len(chunk)
            if window >= WINDOW_BYTES:
                window = 0
                go_on()

    def _too_large(self, size: int, more_comes: bool) -> BodyRefused:
        if size <= self.max_bytes:
            reason = f"A body of more than {WITHOUT_KEY_BYTES} bytes needs a key: Authorization: Bearer KEY."
            return BodyRefused(401, "not_authenticated", reason, more_comes=more_comes)
        return BodyRefused(413, "too_large", f"The body is larger than {self.max_bytes} bytes.", more_comes=more_comes)


def has_key(headers: Headers) -> bool:
    """Whether the request brings something that may open a door: a key, or the cookie of a session."""
    return any(name in KEY_HEADERS or (name == b"cookie" and SESSION_COOKIE in value) for name, value in headers)


def declared_length(headers: Headers) -> int:
    """The Content-Length, or 0 if there is none that is a number."""
    for name, value in headers:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0
