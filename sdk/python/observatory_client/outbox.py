"""The queue between the application's threads and the sending one: bounded; the oldest records give way."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any, NamedTuple


class Item(NamedTuple):
    """A record for one endpoint. `chars`: what it holds in memory, roughly."""

    path: str
    record: dict[str, Any]
    chars: int


class Outbox:
    """`put` costs microseconds. One thread takes: `take`, send, `settle`."""

    def __init__(self, *, max_records: int, max_chars: int, batch: int):
        self._max_records, self._max_chars, self._batch = max_records, max_chars, batch
        self._items: deque[Item] = deque()
        self._chars = 0
        self._flying_from: int | None = None  # number of the first record that is being sent
        self._flushers = 0
        self.accepted = 0
        self.dropped = 0
        self.is_closed = False
        # Its lock is re-entrant: a finaliser may run in the middle of `put`, and record something.
        self._changed = threading.Condition()

    def __len__(self) -> int:
        return len(self._items)

    def put(self, item: Item) -> None:
        with self._changed:
            self.accepted += 1
            if self.is_closed:
                self.dropped += 1
                return
            self._items.append(item)
            self._chars += item.chars
            while len(self._items) > self._max_records or (self._chars > self._max_chars and len(self._items) > 1):
                self._chars -= self._items.popleft().chars
                self.dropped += 1
            if len(self._items) in (1, self._batch):
                self._changed.notify_all()

    def take(self, gather_s: float) -> list[Item]:
        """Wait for records, then `gather_s` for others that share their request; empty: closed and nothing is left."""
        with self._changed:
            self._changed.wait_for(lambda: self._items or self.is_closed)
            self._changed.wait_for(self._is_due, gather_s)
            count = min(len(self._items), self._batch)
            if count:
                self._flying_from = self.accepted - len(self._items) + 1
            batch = [self._items.popleft() for _ in range(count)]
            self._chars -= sum(item.chars for item in batch)
            return batch

    def settle(self) -> None:
        """What was taken is sent, or given up."""
        with self._changed:
            self._flying_from = None
            self._changed.notify_all()

    def pause(self, seconds: float) -> None:
        """Wait, unless the outbox is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self.is_closed, seconds)

    def wait_until_settled(self, timeout_s: float) -> bool:
        """Whether all that was put before this call is sent, or given up, in time."""
        with self._changed:
            last = self.accepted
            self._flushers += 1
            self._changed.notify_all()
            try:
                return self._changed.wait_for(lambda: self._is_settled(last), timeout_s)
            finally:
                self._flushers -= 1

    def close(self) -> None:
        with self._changed:
            self.is_closed = True
            self._changed.notify_all()

    def _is_due(self) -> bool:
        return len(self._items) >= self._batch or self._flushers > 0 or self.is_closed

    def _is_settled(self, last: int) -> bool:
        has_left = self.accepted - len(self._items) >= last
        return has_left and (self._flying_from is None or self._flying_from > last)
