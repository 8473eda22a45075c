"""The scores of a project that follow from stored facts, made anew; and those that wait, looked at once more."""

from dataclasses import dataclass
from datetime import datetime

from feedback.waiting import tie_waiting
from interactions.digest.retell import tell_again


@dataclass(frozen=True, slots=True)
class Rebuilt:
    facts: int
    tied: int


def rebuild(project_id: int, *, now: datetime) -> Rebuilt:
    """Again is safe: what is there already stays as it is, under its id."""
    return Rebuilt(tell_again(project_id, now=now), tie_waiting(project_id, now=now))
