"""Answers that are files, sent piece by piece: a thread reads the next piece only when the client has taken the last."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import Executor
from itertools import islice

from django.db import close_old_connections
from django.http import FileResponse

from observatory.core.serving.body import Message, Receive, Send
from observatory.core.serving.outgoing import PIECE_BYTES, progress
from observatory.core.serving.pushed import until_gone


async def send_file(start: Message, response: FileResponse, pool: Executor, receive: Receive, send: Send) -> None:
    """Send the file, or what of it is read before the client leaves, and close it, however this ends."""
    loop = asyncio.get_running_loop()
    parts, gone = iter(response), asyncio.create_task(until_gone(receive))
    try:
        async with progress(send):
            await send(start)
        while piece := await loop.run_in_executor(pool, _next_piece, parts):
            async with progress(send):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            if gone.done():  # a server takes what is sent to nobody without a word
                return
        await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()
        # In the pool, and without waiting for it: closing may end what belongs to a thread.
        pool.submit(response.close)


def _next_piece(parts: Iterator[bytes]) -> bytes:
    # A file may be made as it is read (made.py), and each time in another thread, whose connection may have ended since.
    close_old_connections()
    return b"".join(islice(parts, PIECE_BYTES // FileResponse.block_size))
