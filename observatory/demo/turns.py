"""Who asks what, when: people come back, ask several things about one subject, and then go."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from observatory.demo.calendar import Calendar, Failure
from observatory.demo.library import Fact, Subject, as_typed, subjects_of

FIRST = "anna ben chen dana emil fatima greta hugo ines jonas kofi lena mara noor oskar priya ravi sofia tarik yuki".split()
LAST = "adler becker costa diallo evans fischer garcia haddad ito jensen".split()
PEOPLE = len(FIRST) * len(LAST)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a session, with everything by chance that its application needs. `rng` is the turn's own."""

    rng: Random
    asked_at: datetime
    place: int
    is_last: bool
    subject: Subject
    fact: Fact
    query: str
    session_id: str
    user_id: str
    environment: str
    release: str
    is_before_change: bool
    slowness: float
    failure: Failure | None

    @property
    def at_ms(self) -> float:
        return self.asked_at.timestamp() * 1000

    def hex_id(self, size: int) -> str:
        return f"{self.rng.getrandbits(8 * size):0{2 * size}x}"

    def uuid(self) -> str:
        return str(UUID(int=self.rng.getrandbits(128), version=4))

    @property
    def labels(self) -> dict[str, Any]:
        """What every record of the turn carries."""
        return {
            "session_id": self.session_id,
            "user_id": self.user_id,
            "environment": self.environment,
            "release": self.release,
        }


Said = tuple[str, dict[str, Any]]  # by which door (see said.py), and the JSON object


@dataclass(slots=True)
class Sent:
    """What a client sends for one turn: JSON objects of the native API. `said` of users and reviewers comes later."""

    interactions: list[dict[str, Any]] = field(default_factory=list)
    spans: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)


@cache
def people_of(app: str) -> tuple[str, ...]:
    names = [f"{first}.{last}" for last in LAST for first in FIRST]
    Random(f"people of {app}").shuffle(names)
    return tuple(names)


def session_of(app: str, calendar: Calendar, starts_at: datetime, *, turns: float, rng: Random) -> Iterator[Turn]:
    """Yield the turns of one session that end in time; `turns` is their mean number."""
    most = len(subjects_of(app)[0].facts)
    count = min(most, 1 + int(rng.expovariate(1 / (turns - 0.5))))
    subject = rng.choice(subjects_of(app))
    facts = rng.sample(subject.facts, count)
    # Heavy tail (Zipf): one person asks an eighth of all questions, ten ask nearly half.
    user_id = people_of(app)[int(PEOPLE ** rng.random()) - 1]
    session_id = f"{app.split('_')[0]}-{rng.getrandbits(48):012x}"
    environment = "staging" if rng.random() < 0.07 else "production"
    moment = starts_at
    for place, fact in enumerate(facts):
        own = Random(rng.getrandbits(64))
        yield Turn(
            rng=own,
            asked_at=moment,
            place=place,
            is_last=place == count - 1,
            subject=subject,
            fact=fact,
            query=as_typed(fact.question, is_follow_up=place > 0, rng=own),
            session_id=session_id,
            user_id=user_id,
            environment=environment,
            release=release_at(calendar, moment),
            is_before_change=calendar.is_before_change(moment),
            slowness=calendar.slowness(moment),
            failure=calendar.failure(moment, own),
        )
        moment += timedelta(seconds=40 + rng.expovariate(1 / 60))


def release_at(calendar: Calendar, moment: datetime) -> str:
    """A release a week; the model change comes with one of its own."""
    weeks = (moment - calendar.until + timedelta(days=70)) // timedelta(days=7)
    return f"2.{weeks}.0" if calendar.is_before_change(moment) else f"2.{weeks}.1"
