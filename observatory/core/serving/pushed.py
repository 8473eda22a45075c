"""Answers that are pushed: made in the event loop for as long as the client stays. They hold no thread.

A view returns a `PushedResponse` after it has decided who may see what; the adapter takes it over from there. Hundreds of
them cost no more than their connections.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from concurrent.futures import Executor
from typing import Any

from django.http import StreamingHttpResponse

from observatory.core.serving.body import Message, Receive, Send
from observatory.core.serving.outgoing import progress

EVENT_STREAM = "text/event-stream"
# A proxy that collects an answer before it hands it on would hand on nothing.
HEADERS = {"X-Accel-Buffering": "no", "Cache-Control": "no-store, no-transform"}


class PushedResponse(StreamingHttpResponse):
    """Server-sent events. `pieces(pool)` is called in the loop; work that waits is for the threads of `pool`.

    It may raise BodyRefused before its first piece, which becomes the answer. A server without our adapter sends
    `otherwise`, and that is all.
    """

    def __init__(self, pieces: Callable[[Executor], AsyncGenerator[bytes, None]], *, otherwise: bytes, **options: Any):
        super().__init__([otherwise], content_type=EVENT_STREAM, headers=HEADERS, **options)
        self.pieces = pieces


async def push(
    start: Message, pieces: AsyncGenerator[bytes, None], receive: Receive, send: Send, *, stopping: asyncio.Event
) -> None:
    """Send pieces until there are no more, the client leaves or does not read, or the process is asked to end."""
    try:
        first = await anext(pieces)
        async with progress(send):
            await send(start)
            await send({"type": "http.response.body", "body": first, "more_body": True})
        await _first_of(_send_all(pieces, send), until_gone(receive), stopping.wait())
        async with progress(send):
            await send({"type": "http.response.body", "body": b""})
    finally:
        await pieces.aclose()


async def _send_all(pieces: AsyncGenerator[bytes, None], send: Send) -> None:
    async for piece in pieces:
        async with progress(send):
            await send({"type": "http.response.body", "body": piece, "more_body": True})


async def _first_of(*works: Coroutine[Any, Any, Any]) -> None:
    """Return when one of them has ended, with the others cancelled; raises what it raised."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


async def until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
