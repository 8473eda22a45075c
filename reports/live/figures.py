"""Figures of the last minutes, from the facts themselves: true a moment after they came, not when they are rolled up."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from interactions.reading.recent import Fact, Sums, newest_facts, read_sums, sums_of

MINUTE, RECENT = timedelta(minutes=1), timedelta(minutes=5)
# More are not read a second; then the newest stand for the five minutes, and the page says so.
MOST_FACTS = 1_000
# In a busy minute sums take a tenth of the time at most.
REST, LONGEST_REST_S = 10.0, 10.0
# Up to here minutes are read from their buckets: those of the newest may not be written yet.
ROLLED_UP_AFTER = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Figures:
    """`minute` is of the last 60 seconds; `open_minutes` of what the history does not hold yet.

    `facts` are the newest of the last five minutes, `span` says which.
    """

    minute: Sums
    open_minutes: Sums
    facts: Sequence[Fact]
    span: str

    @property
    def errors(self) -> int:
        return sum(fact.is_error for fact in self.facts)

    @property
    def latencies(self) -> list[float]:
        return sorted(fact.latency_ms for fact in self.facts if fact.latency_ms is not None)

    def different(self, name: str) -> list[str]:
        """The different values of a column of the facts, the newest first, without empty ones."""
        return list(dict.fromkeys(value for fact in self.facts if (value := getattr(fact, name))))


def open_since(now: datetime) -> datetime:
    """The beginning of the first minute that is not read from its bucket."""
    return (now - ROLLED_UP_AFTER).replace(second=0, microsecond=0)


class Reader:
    """Reads the figures of a project again and again. Used by one thread at a time."""

    def __init__(self, project_id: int):
        self.project_id = project_id
        self._busy: tuple[Sums, Sums] | None = None
        self._due = 0.0

    def read(self, *, now: datetime) -> Figures:
        """Read what was asked until `now`: by an index, and no more rows than MOST_FACTS."""
        facts = newest_facts(self.project_id, since=now - RECENT, now=now, most=MOST_FACTS)
        if len(facts) == MOST_FACTS:
            minute, open_minutes = self._sums(now)
        else:
            minute, open_minutes = (
                sums_of(fact for fact in facts if fact.asked_at >= since) for since in (now - MINUTE, open_since(now))
            )
        return Figures(minute, open_minutes, facts, span_of(facts, now=now))

    def _sums(self, now: datetime) -> tuple[Sums, Sums]:
        """Those of a busy minute, added up by the store: the longer that takes, the less often."""
        begun = time.monotonic()
        if self._busy is None or begun >= self._due:
            self._busy = read_sums(self.project_id, first=now - MINUTE, second=open_since(now), now=now)
            self._due = time.monotonic() + min(LONGEST_REST_S, REST * (time.monotonic() - begun))
        return self._busy


def span_of(facts: Sequence[Fact], *, now: datetime) -> str:
    if len(facts) < MOST_FACTS:
        return "last 5 min"
    return f"newest {MOST_FACTS:,}, {max(1, round((now - facts[-1].asked_at).total_seconds()))} s"


def quantile(ascending: Sequence[float], q: float) -> float | None:
    """The nearest-rank quantile: a value that was seen."""
    return ascending[max(0, math.ceil(q * len(ascending)) - 1)] if ascending else None
