"""How the turns of a session went: which are bad and why, who asked again, and whether somebody gave up. Pure rules.

- Bad is a turn that failed, came without an answer, was rated badly, was unsure (below LOW_CONFIDENCE) or slow ("poor").
- A question asks again if it shares SAME_WORDS of all words with the question before and comes within ASKS_AGAIN.
- A session was perhaps given up if its last turn is bad or asks again, and nothing came for SILENCE after it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from interactions.confidence import LOW_CONFIDENCE
from interactions.latency import POOR, latency_category
from interactions.reading.citations import words_of
from observatory.core.formats import duration

SAME_WORDS = 0.5
ASKS_AGAIN = timedelta(minutes=10)
SILENCE = timedelta(minutes=30)
GOOD_RATING, BAD_RATING = 4, 2


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a user said of an answer: a rating from 1 to 5, helpful or not, a text."""

    at: datetime
    rating: float | None = None
    is_helpful: bool | None = None
    text: str = ""
    names: frozenset[str] = frozenset()  # ids that may name its turn

    @property
    def is_bad(self) -> bool:
        return self.is_helpful is False or (self.rating is not None and self.rating <= BAD_RATING)

    @property
    def is_good(self) -> bool:
        return not self.is_bad and (self.is_helpful is True or (self.rating is not None and self.rating >= GOOD_RATING))


@dataclass(frozen=True, slots=True)
class Spoken:
    """The figures of a turn; `question` and `answer` are their beginnings."""

    pk: int
    names: frozenset[str]
    at: datetime
    is_error: bool
    latency_ms: float | None
    confidence: float | None
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Turn:
    """`faults` say in words why the turn is bad; `number` counts from 1."""

    number: int
    spoken: Spoken
    feedback: Sequence[Feedback]
    faults: Sequence[str]
    asks_again: bool


def judge(turns: Sequence[Spoken], feedback: Iterable[Feedback]) -> list[Turn]:
    """Return the turns, which are given by time, with what is to be said of each."""
    said = _by_turn(turns, feedback)
    found = []
    for place, one in enumerate(turns):
        asks_again = place > 0 and is_asked_again(turns[place - 1], one)
        mine = said.get(one.pk, [])
        found.append(Turn(place + 1, one, mine, faults_of(one, mine), asks_again))
    return found


def faults_of(one: Spoken, feedback: Sequence[Feedback]) -> list[str]:
    faults = []
    if one.is_error:
        faults.append("failed")
    elif not one.answer:
        faults.append("no answer")
    if any(said.is_bad for said in feedback):
        faults.append("rated badly")
    if one.confidence is not None and one.confidence < LOW_CONFIDENCE:
        faults.append(f"confidence {one.confidence:.2f}")
    if latency_category(one.latency_ms) == POOR:
        faults.append(f"took {duration(one.latency_ms)}")
    return faults


def is_asked_again(before: Spoken, one: Spoken) -> bool:
    if one.at - before.at > ASKS_AGAIN:
        return False
    first, second = words_of(before.question), words_of(one.question)
    every = first | second
    return bool(every) and len(first & second) >= SAME_WORDS * len(every)


def why_given_up(turns: Sequence[Turn], *, now: datetime) -> str:
    """Why the session may have been given up at its last turn; "" if nothing says so."""
    if not turns or now - turns[-1].spoken.at < SILENCE:
        return ""
    last = turns[-1]
    return ", ".join([*last.faults, *(["asked again"] if last.asks_again else [])])


def _by_turn(turns: Sequence[Spoken], feedback: Iterable[Feedback]) -> Mapping[int, list[Feedback]]:
    """Feedback belongs to the turn that it names, else to the last one that began before it."""
    by_name = {name: one.pk for one in turns for name in one.names}
    found: dict[int, list[Feedback]] = {}
    for said in feedback:
        named = next((by_name[name] for name in said.names if name in by_name), None)
        last = next((one.pk for one in reversed(turns) if one.at <= said.at), turns[0].pk if turns else None)
        pk = named if named is not None else last
        if pk is not None:
            found.setdefault(pk, []).append(said)
    return found


def as_rating(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 1 <= value <= 5 else None
