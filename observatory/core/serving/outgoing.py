"""Answers on their way out: a client that does not read costs neither a thread nor more memory than a piece."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from observatory.core.serving.body import ClientGone, Message, Send

PIECE_BYTES = 64 * 1024
# So long a client may take to read a piece.
STALL_S = 30.0


@asynccontextmanager
async def progress(send: Send) -> AsyncIterator[None]:
    """Within, something is sent. Raises ClientGone, with the connection cut, if the client does not read for STALL_S."""
    try:
        async with asyncio.timeout(STALL_S):
            yield
    except TimeoutError:
        await _cut(send)
        raise ClientGone from None


async def send_whole(start: Message, content: bytes, send: Send) -> None:
    """Send an answer that is in memory."""
    first, rest = content[:PIECE_BYTES], range(PIECE_BYTES, len(content), PIECE_BYTES)
    async with progress(send):
        await send(start)
        await send({"type": "http.response.body", "body": first, "more_body": bool(rest)})
    for begin in rest:
        piece = content[begin : begin + PIECE_BYTES]
        async with progress(send):
            await send({"type": "http.response.body", "body": piece, "more_body": begin + PIECE_BYTES < len(content)})


async def _cut(send: Send) -> None:
    """Drop the connection. ASGI has no word for it: a server that only closed would wait for the client to read the rest."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is not None:
        transport.abort()
        # The server hears of it in the loop's next turn, before this request ends without an answer.
        await asyncio.sleep(0)
