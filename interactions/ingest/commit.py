"""Group commit: requests that arrive together share one transaction.

Each still gets its answer only after its own facts, marks and counts are committed, together or not at all. Threads of
one process would otherwise wait for each other's fsync one by one (PostgreSQL), or poll for the single write lock with
growing pauses (SQLite): measured with 8 clients, one request in a hundred then took over a second.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

MAX_SHARED_RECORDS = 2_000


@dataclass
class Turn:
    """One request's place in the queue: its work, and how it ended."""

    work: object
    size: int
    is_done: bool = False
    error: BaseException | None = None


@dataclass
class GroupCommit:
    """Runs `commit` on the work of all threads that wait, one call at a time.

    `commit(works)` commits everything or raises. If a shared call raises, each work is tried by itself, so one
    request never fails for another's sake.
    """

    commit: Callable[[list], None]
    _queue: list[Turn] = field(default_factory=list)
    _queue_lock: threading.Lock = field(default_factory=threading.Lock)
    _commit_lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, work: object, size: int) -> None:
        """Return when `work` is committed, or raise why it is not."""
        turn = Turn(work, size)
        with self._queue_lock:
            self._queue.append(turn)
        with self._commit_lock:
            if not turn.is_done:
                self._commit_queue()
        if turn.error is not None:
            raise turn.error

    def _commit_queue(self) -> None:
        """Commit what waits. The caller's own turn may be beyond the first share, so go on until the queue is empty."""
        while turns := self._take():
            try:
                self.commit([turn.work for turn in turns])
            except Exception as error:  # noqa: BLE001  (handed to the thread whose work it was)
                if len(turns) == 1:
                    turns[0].error = error
                else:
                    self._commit_each(turns)
            except BaseException as error:
                for turn in turns:
                    turn.error = error
                raise
            finally:
                for turn in turns:
                    turn.is_done = True

    def _commit_each(self, turns: list[Turn]) -> None:
        for turn in turns:
            try:
                self.commit([turn.work])
            except Exception as error:  # noqa: BLE001  (handed to the thread whose work it was)
                turn.error = error

    def _take(self) -> list[Turn]:
        with self._queue_lock:
            size = count = 0
            for turn in self._queue:
                size += turn.size
                if count and size > MAX_SHARED_RECORDS:
                    break
                count += 1
            taken, self._queue[:] = self._queue[:count], self._queue[count:]
        return taken
