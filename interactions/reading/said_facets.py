"""The facets by what is said of interactions: how users rated them, and what evaluations found."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from interactions.reading.narrowing import Narrowing, Value
from interactions.reading.opinions import CHOICES, Marks

RATED, NOT_RATED = ("feedback", "rated"), ("none",)


def said_narrowings(marks: Mapping[UUID, Marks]) -> tuple[Narrowing, ...]:
    """One a filter; `marks` say what holds of each interaction, and may be filled in until the facets are counted."""
    return tuple(_narrowing(name, marks) for name in CHOICES)


def _narrowing(name: str, marks: Mapping[UUID, Marks]) -> Narrowing:
    def values(row: Any) -> set[Value]:
        mine = marks.get(row.interaction_id, frozenset())
        found: set[Value] = {(value,) for mark, value in mine if mark == name}
        return found | {NOT_RATED} if name == RATED[0] and RATED not in mine else found

    def label(value: Value) -> str:
        return CHOICES[name][value[0]]

    return Narrowing(name, (name,), values, label)
