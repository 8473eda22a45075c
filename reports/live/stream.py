"""What one client of the stream is sent: events, comments while there are none, and the end when it may look no more."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import Executor

from django.conf import settings
from django.db import Error, close_old_connections

from reports.live.ticker import Look, Tickers

RETRY_MS = 2_000  # after which a browser opens the stream anew
HEARTBEAT_S = 10.0
CHECKED_EVERY_S = 60.0
BEGINNING = b"retry: %d\n\n" % RETRY_MS
HEARTBEAT = b": still here\n\n"
OVER = b"event: over\ndata: {}\n\n"
# What a server sends that cannot push: see observatory/core/serving/pushed.py.
NOT_HERE = b"event: poll\ndata: {}\n\n"

TICKERS = Tickers(settings.OBSERVATORY["OBSERVATORY_LIVE_SUBSCRIBERS"])


async def events(
    pool: Executor, *, project_id: int, viewer: object, look: Look, may_look: Callable[[], bool]
) -> AsyncGenerator[bytes, None]:
    """Yield what the client is sent. `may_look` is asked once a minute, in a thread: a session may end, a member leave.

    `viewer` says whose place it takes.
    """
    loop = asyncio.get_running_loop()
    async with TICKERS.listen(project_id, look, pool, viewer=viewer) as subscriber:
        yield BEGINNING
        check_at = loop.time() + CHECKED_EVERY_S
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT_S):
                    piece = await subscriber.get()
            except TimeoutError:
                piece = HEARTBEAT
            if loop.time() >= check_at:
                answer = await loop.run_in_executor(pool, _ask, may_look)
                if answer is None:
                    return
                if not answer:
                    yield OVER
                    return
                check_at = loop.time() + CHECKED_EVERY_S
            yield piece


def _ask(may_look: Callable[[], bool]) -> bool | None:
    """Whether the client may look; None if the database does not say. Then the stream ends, and who comes back is judged."""
    close_old_connections()
    try:
        return may_look()
    except Error:
        return None
