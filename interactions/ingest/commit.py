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
    """One request's place in the queue: its work, and how it ended. `wake` is held until the turn is done or may lead."""

    work: object
    size: int
    is_done: bool = False
    error: BaseException | None = None
    wake: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.wake.acquire()


@dataclass
class GroupCommit:
    """Runs `commit` on the work of all threads that wait, one call at a time.

    `commit(works)` commits everything or raises. If a shared call raises, each work is tried by itself, so one
    request never fails for another's sake. The thread whose turn is first commits for those behind it, then wakes them
    and hands the lead to the next that came meanwhile: nobody waits for the commit of a later request.
    """

    commit: Callable[[list], None]
    _queue: list[Turn] = field(default_factory=list)
    _is_led: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, work: object, size: int) -> None:
        """Return when `work` is committed, or raise why it is not."""
        turn = Turn(work, size)
        with self._lock:
            self._queue.append(turn)
            must_wait, self._is_led = self._is_led, True
        if must_wait:
            turn.wake.acquire()
        if not turn.is_done:
            self._lead()
        if turn.error is not None:
            raise turn.error

    def _lead(self) -> None:
        turns = self._take()
        try:
            self._commit(turns)
        except BaseException as error:
            for turn in turns:
                turn.error = error
            raise
        finally:
            with self._lock:
                next_turns = self._queue[:1]
                self._is_led = bool(next_turns)
            for turn in turns:
                turn.is_done = True
            for turn in (*next_turns, *turns):
                turn.wake.release()

    def _commit(self, turns: list[Turn]) -> None:
        try:
            self.commit([turn.work for turn in turns])
        except Exception as error:  # noqa: BLE001  (handed to the thread whose work it was)
            if len(turns) == 1:
                turns[0].error = error
                return
            for turn in turns:
                self._commit([turn])

    def _take(self) -> list[Turn]:
        with self._lock:
            size = count = 0
            for turn in self._queue:
                size += turn.size
                if count and size > MAX_SHARED_RECORDS:
                    break
                count += 1
            taken, self._queue[:] = self._queue[:count], self._queue[count:]
        return taken
