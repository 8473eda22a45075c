"""What follows the digest: work of packages to the right, whose backlog the page of ingest health shows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Mark(Protocol):
    """A trace that was given up, with why."""

    trace_id: str
    error: str
    marked_at: datetime


@dataclass(frozen=True, slots=True)
class Backlog:
    """`name` says what is done to traces, `help` how those that failed get another chance. `failed`: the latest of them."""

    name: str
    waiting: int
    lag_s: float
    failed_count: int
    failed: Sequence[Mark]
    help: str
    command: str
    # From here on it lags, and is behind.
    fresh_s: float
    late_s: float

    @property
    def mark(self) -> str:
        if self.lag_s < self.fresh_s:
            return "good"
        return "warn" if self.lag_s < self.late_s else "bad"

    @property
    def lag_ms(self) -> float:
        return self.lag_s * 1_000


# `read(project_id, now)`
Read = Callable[[int, datetime], Backlog]
_followers: list[Read] = []


def register_follower(read: Read) -> None:
    """Call it once, when the app is ready."""
    if read not in _followers:
        _followers.append(read)


def backlogs(project_id: int, *, now: datetime) -> list[Backlog]:
    return [read(project_id, now) for read in _followers]
