"""Who listens to which project in this process, and the one task a project that feeds them. All of it lives in the loop."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from contextlib import asynccontextmanager

from django.db import close_old_connections

from observatory.core.serving.body import BodyRefused

EVERY_S = 1.0
RETRY_AFTER_S = 10
# So many places one viewer may take, that all of a process are never one's.
MOST_EACH = 20
PROBLEM = b'{"problem": "The figures cannot be read at the moment. The page tries again by itself."}'
logger = logging.getLogger(__name__)

Look = Callable[[], bytes]
Subscriber = asyncio.Queue[bytes]  # holds the newest event alone


class Ticker:
    """Looks once a second while somebody listens, in a thread of `pool`, and hands what it saw to all as one event."""

    def __init__(self, look: Look, pool: Executor):
        self.look, self.pool = look, pool
        self.subscribers: set[Subscriber] = set()
        self.task = asyncio.create_task(self._tick())

    async def _tick(self) -> None:
        loop, is_failing = asyncio.get_running_loop(), False
        while True:
            begun = loop.time()
            try:
                content = await loop.run_in_executor(self.pool, self._look)
                is_failing = False
            except Exception:  # whatever it is, those who look are told, and it is tried again
                if not is_failing:
                    logger.exception("A live snapshot could not be made.")
                content, is_failing = PROBLEM, True
            self._hand_out(content)
            # One that takes long is followed by as long a rest: half of a thread at most.
            took = loop.time() - begun
            await asyncio.sleep(max(EVERY_S - took, took))

    def _look(self) -> bytes:
        close_old_connections()
        return self.look()

    def _hand_out(self, content: bytes) -> None:
        event = b"id: %d\ndata: %b\n\n" % (time.time_ns() // 1_000_000, content)
        for subscriber in self.subscribers:
            if subscriber.full():  # a slow client skips what it has not taken, and nothing piles up
                subscriber.get_nowait()
            subscriber.put_nowait(event)


class Tickers:
    """The tickers of a process by project."""

    def __init__(self, most: int):
        self.most = most
        self.by_viewer: Counter[object] = Counter()
        self.tickers: dict[int, Ticker] = {}

    @property
    def count(self) -> int:
        return sum(len(ticker.subscribers) for ticker in self.tickers.values())

    @asynccontextmanager
    async def listen(
        self, project_id: int, look: Look, pool: Executor, *, viewer: object = None
    ) -> AsyncIterator[Subscriber]:
        """Within, events of the project come. BodyRefused (503) where as many listen as may, or as many of the viewer."""
        if self.count >= self.most:
            raise refused("Too many live pages are open: see OBSERVATORY_LIVE_SUBSCRIBERS.")
        if self.by_viewer[viewer] >= MOST_EACH:
            raise refused(f"You have {MOST_EACH} live pages open.")
        ticker = self.tickers.get(project_id)
        if ticker is None:
            ticker = self.tickers[project_id] = Ticker(look, pool)
        subscriber: Subscriber = asyncio.Queue(maxsize=1)
        ticker.subscribers.add(subscriber)
        self.by_viewer[viewer] += 1
        try:
            yield subscriber
        finally:
            ticker.subscribers.discard(subscriber)
            self.by_viewer[viewer] -= 1
            self.by_viewer += Counter()  # without those who hold none
            if not ticker.subscribers:
                ticker.task.cancel()
                self.tickers.pop(project_id, None)


def refused(reason: str) -> BodyRefused:
    return BodyRefused(503, "overloaded", reason, more_comes=False, retry_after_s=RETRY_AFTER_S)
