"""A streaming answer, carried from its thread to the client chunk by chunk.

It holds its thread as long as it lasts, so no view of ours answers like that: files go through files.py, and so does what
is made as it is read (made.py).
"""

import asyncio
import threading
from collections.abc import Iterable

from observatory.core.serving.body import ClientGone, Message, Receive, Send
from observatory.core.serving.outgoing import progress


class Stream:
    """Made in the loop, used by the thread. `close()` in the loop when the thread is done."""

    def __init__(self, loop: asyncio.AbstractEventLoop, receive: Receive, send: Send):
        self._loop, self._receive, self._send = loop, receive, send
        self._gone = threading.Event()
        self._watcher: asyncio.Task[None] | None = None

    def push(self, start: Message, chunks: Iterable[bytes]) -> None:
        """Send all chunks, or stop at the first after the client has gone or does not read any more."""
        self._loop.call_soon_threadsafe(self._begin_to_watch)
        try:
            self._deliver(start)
            for chunk in chunks:
                if self._gone.is_set():
                    return
                self._deliver({"type": "http.response.body", "body": chunk, "more_body": True})
            self._deliver({"type": "http.response.body", "body": b""})
        except ClientGone:
            self._gone.set()

    def close(self) -> None:
        if self._watcher is not None:
            self._watcher.cancel()

    def _deliver(self, message: Message) -> None:
        # Waiting for the loop is the back-pressure: a slow client slows the view, and nothing piles up.
        asyncio.run_coroutine_threadsafe(self._sending(message), self._loop).result()

    async def _sending(self, message: Message) -> None:
        async with progress(self._send):
            await self._send(message)

    def _begin_to_watch(self) -> None:
        self._watcher = self._loop.create_task(self._watch())

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            continue
        self._gone.set()
