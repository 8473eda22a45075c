"""What is said of interactions: ratings, reviews, verdicts of judges. Packages to the right keep it; one registers here.

Without a reader nothing is said of any interaction, and no filter by what is said keeps one.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from interactions.models import InteractionQuerySet

USER, SIGNAL, REVIEWER, JUDGE, APPLICATION, ESTIMATE = "user", "signal", "reviewer", "judge", "application", "estimate"
SCORED, NOT_SCORABLE, FAILED = "scored", "not scorable", "failed"
RATING = "rating"
LEXICAL = "estimate"  # the name of the estimate from words alone; other estimates have names of their own, and stand apart
ACCURACY = "accuracy"  # against the sources: the part of it that tells most
GOOD_RATING, BAD_RATING = 4, 2
# What a list of interactions can be narrowed by, and the words for it.
CHOICES: Mapping[str, Mapping[str, str]] = {
    "feedback": {
        "low": f"rated low (up to {BAD_RATING})",
        "high": f"rated high (from {GOOD_RATING})",
        "rated": "rated",
        "commented": "commented",
        "none": "not rated",
    },
    "quality": {"low": "low", "failed": "evaluation failed"},
}
Marks = frozenset[tuple[str, str]]  # pairs of CHOICES that hold for an interaction


@dataclass(frozen=True, slots=True)
class Opinion:
    """One verdict on an interaction. Only a `scored` one has a value, on the score's own scale.

    `parts` are named numbers of it, `part_words` what pages say in place of some of these, `reasons` why one of them is
    missing, `findings` what it stumbled over. A failed one is tried again at `retry_at`, or was given up; a reviewer changed
    theirs at `changed_at`. `interaction_id` is None for what is said of a session or trace.
    """

    key: int
    score_id: str
    interaction_id: UUID | None
    source: str
    name: str
    state: str
    at: datetime
    value: float | None = None
    label: str = ""
    is_passed: bool | None = None
    threshold: float | None = None
    author: str = ""
    user_id: str = ""
    comment: str = ""
    version: str = ""
    parts: Mapping[str, float | None] = field(default_factory=dict)
    findings: Sequence[str] = ()
    part_words: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    coverage: float | None = None
    cost_usd: Decimal | None = None
    retry_at: datetime | None = None
    changed_at: datetime | None = None

    @property
    def is_rating(self) -> bool:
        return self.source == USER and self.name == RATING

    @property
    def is_helpful(self) -> bool | None:
        """A thumb up or down; None without one."""
        thumb = self.parts.get("thumbs")
        return None if thumb is None else bool(thumb)

    @property
    def is_bad(self) -> bool:
        """A low rating; a thumb down counts where no rating was given."""
        return self.is_rating and (self.is_helpful is False if self.value is None else self.value <= BAD_RATING)

    @property
    def is_good(self) -> bool:
        return self.is_rating and (self.is_helpful is True if self.value is None else self.value >= GOOD_RATING)


def most_telling(parts: Mapping[str, float | None], value: float | None) -> float | None:
    """What tells most of a lexical estimate: its accuracy where that could be measured, else its overall."""
    accuracy = parts.get(ACCURACY)
    return value if accuracy is None else accuracy


@dataclass(frozen=True, slots=True)
class Action:
    """Something that an editor can have done with an answer: a link, or with `fields` the button of a form."""

    label: str
    url: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reader:
    """How the registered package answers; each call takes a fixed number of queries, and reads a bounded number of rows.

    `few(project_id, name, value)`: the ids of all interactions that a filter keeps, None where they may be many.
    `having(interactions, name, value)`: those that it keeps, found by looking at each. `marks`: what holds of each.
    `actions(project slug, interaction_id)`: what an editor can do. `list_actions(project slug, query)`: with all answers of
    a list, by the query in its address.
    """

    of_interactions: Callable[[int, Collection[UUID]], Iterable[Opinion]]
    of_session: Callable[[int, str], list[Opinion]]
    of_user: Callable[[int, str, Collection[str], datetime], list[Opinion]]
    few: Callable[[int, str, str], Collection[UUID] | None]
    having: Callable[[InteractionQuerySet, str, str], InteractionQuerySet]
    marks: Callable[[int, Collection[UUID]], Mapping[UUID, Marks]]
    actions: Callable[[str, UUID], Sequence[Action]]
    list_actions: Callable[[str, str], Sequence[Action]]


_readers: list[Reader] = []


def register(reader: Reader) -> None:
    """Call it once, when the app is ready."""
    if _readers:
        raise ValueError("somebody says already what is said of interactions")
    _readers.append(reader)


def opinions_of(project_id: int, ids: Collection[UUID]) -> dict[UUID, list[Opinion]]:
    """What is said of some interactions, oldest first; those of which nothing is said are left out."""
    found: dict[UUID, list[Opinion]] = {}
    for reader in _readers if ids else ():
        for one in reader.of_interactions(project_id, ids):
            if one.interaction_id:
                found.setdefault(one.interaction_id, []).append(one)
    return found


def opinions_of_session(project_id: int, session_id: str) -> list[Opinion]:
    """What is said of a session and its turns, oldest first, up to a bound."""
    return [one for reader in _readers for one in reader.of_session(project_id, session_id)]


def opinions_of_user(project_id: int, user_id: str, sessions: Collection[str], *, since: datetime) -> list[Opinion]:
    """What a user said since a moment, and what was said in their sessions without a name; oldest first, up to a bound."""
    return [one for reader in _readers for one in reader.of_user(project_id, user_id, sessions, since)]


def few_having(project_id: int, name: str, value: str) -> Collection[UUID] | None:
    return _readers[0].few(project_id, name, value) if _readers else ()


def having(interactions: InteractionQuerySet, name: str, value: str) -> InteractionQuerySet:
    return _readers[0].having(interactions, name, value) if _readers else interactions.none()


def marks_of(project_id: int, ids: Collection[UUID]) -> Mapping[UUID, Marks]:
    return _readers[0].marks(project_id, ids) if _readers and ids else {}


def actions_for(slug: str, interaction_id: UUID) -> Sequence[Action]:
    return _readers[0].actions(slug, interaction_id) if _readers else ()


def list_actions_for(slug: str, query: str) -> Sequence[Action]:
    return _readers[0].list_actions(slug, query) if _readers else ()


def opinion_dict(one: Opinion) -> dict[str, Any]:
    """A score as the API answers it beside its interaction."""
    return {
        "score_id": one.score_id,
        "source": one.source,
        "name": one.name,
        "state": one.state,
        "value": one.value,
        "label": one.label or None,
        "is_passed": one.is_passed,
        "threshold": one.threshold,
        "comment": one.comment or None,
        "author": one.author or None,
        "user_id": one.user_id or None,
        "version": one.version or None,
        "parts": dict(one.parts),
        "cost_usd": one.cost_usd,
        "at": one.at,
        "retry_at": one.retry_at,
    }
