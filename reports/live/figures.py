"""Figures of the last minutes, from the facts themselves: true a moment after they came, not when they are rolled up."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from interactions.reading.recent import Fact, Sums, newest_facts, sums

MINUTE, RECENT = timedelta(minutes=1), timedelta(minutes=5)
# More are not read a second; then the newest stand for the five minutes, and the page says so.
MOST_FACTS = 2_000
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


def read_figures(project_id: int, *, now: datetime) -> Figures:
    """Read what was asked until `now`: a time within the last minutes and an index bound both queries."""
    facts = newest_facts(project_id, since=now - RECENT, now=now, most=MOST_FACTS)
    minute, open_minutes = sums(project_id, first=now - MINUTE, second=open_since(now), now=now)
    return Figures(minute, open_minutes, facts, span_of(facts, now=now))


def span_of(facts: Sequence[Fact], *, now: datetime) -> str:
    if len(facts) < MOST_FACTS:
        return "last 5 min"
    return f"newest {MOST_FACTS:,}, {max(1, round((now - facts[-1].asked_at).total_seconds()))} s"


def quantile(ascending: Sequence[float], q: float) -> float | None:
    """The nearest-rank quantile: a value that was seen."""
    return ascending[max(0, math.ceil(q * len(ascending)) - 1)] if ascending else None
