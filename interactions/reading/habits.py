"""How somebody uses an application: how often, how long at a time, for what, and whether they are content. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from interactions.reading.turns import Feedback

FAVOURITES = 5
PREFERENCES = {"category": "Categories", "name": "Operations", "prompt_name": "Prompts", "model": "Models"}
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Favourite:
    """What is used most; `share` is of the interactions that name any."""

    name: str
    number: int
    share: float

    @property
    def percent(self) -> int:
        return round(self.share * 100)


@dataclass(frozen=True, slots=True)
class Contentment:
    """Of `n` answers of the user: the mean of `rated` ratings, the share of `judged` that were helpful. None of none.

    `low` of the `n` were bad: rated 2 or less, or not helpful.
    """

    n: int
    rated: int
    rating: float | None
    judged: int
    helpful: float | None
    low: int

    @property
    def helpful_percent(self) -> float | None:
        return None if self.helpful is None else self.helpful * 100


@dataclass(frozen=True, slots=True)
class Habits:
    """`sessions` counts those with an id; their durations are of those with two turns or more (`timed_sessions`)."""

    requests: int
    active_days: int
    sessions: int
    turns_a_session: float | None
    timed_sessions: int
    session_ms: float | None
    last_week: int
    week_before: int
    favourites: Mapping[str, Sequence[Favourite]]


def habits_of(rows: Sequence[dict[str, Any]], *, now: datetime) -> Habits:
    """Return the habits that these interactions show."""
    sessions: dict[str, list[datetime]] = defaultdict(list)
    for row in rows:
        if row["session_id"]:
            sessions[row["session_id"]].append(row["asked_at"])
    durations = [(max(times) - min(times)) / timedelta(milliseconds=1) for times in sessions.values() if len(times) > 1]
    in_sessions = sum(map(len, sessions.values()))
    return Habits(
        requests=len(rows),
        active_days=len({row["asked_at"].date() for row in rows}),
        sessions=len(sessions),
        turns_a_session=in_sessions / len(sessions) if sessions else None,
        timed_sessions=len(durations),
        session_ms=median(durations) if durations else None,
        last_week=sum(now - WEEK <= row["asked_at"] < now for row in rows),
        week_before=sum(now - 2 * WEEK <= row["asked_at"] < now - WEEK for row in rows),
        favourites={label: found for name, label in PREFERENCES.items() if (found := favourites(row[name] for row in rows))},
    )


def favourites(names: Iterable[str]) -> list[Favourite]:
    counts = Counter(name for name in names if name)
    return [Favourite(name, number, number / counts.total()) for name, number in counts.most_common(FAVOURITES)]


def contentment_of(feedback: Sequence[Feedback]) -> Contentment:
    ratings = [said.rating for said in feedback if said.rating is not None]
    judged = [said.is_helpful for said in feedback if said.is_helpful is not None]
    return Contentment(
        n=len(feedback),
        rated=len(ratings),
        rating=sum(ratings) / len(ratings) if ratings else None,
        judged=len(judged),
        helpful=sum(judged) / len(judged) if judged else None,
        low=sum(said.is_bad for said in feedback),
    )
