"""What packages to the right keep of interactions beside raw data, and is of no use without them: it goes with them."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Gone:
    """Interactions and traces of a project that go: for their age, or since their user or session is forgotten."""

    project_id: int
    interaction_ids: Collection[UUID] = ()
    trace_ids: Collection[str] = ()
    is_erasure: bool = False

    def parts(self) -> Iterator["Gone"]:
        ids, traces = sorted(self.interaction_ids), sorted(self.trace_ids)
        for place in range(0, max(len(ids), len(traces)), AT_ONCE):
            end = place + AT_ONCE
            yield Gone(self.project_id, ids[place:end], traces[place:end], self.is_erasure)


@dataclass(frozen=True, slots=True)
class Leftover:
    """`find` is the rows that go. `tables`: where they lie, for PostgreSQL to clean. `is_told`: a receipt counts them."""

    find: Callable[[Gone], QuerySet[Any]]
    tables: Sequence[type[Model]]
    is_told: bool = True


_LEFTOVERS: dict[str, Leftover] = {}


def register_leftover(
    what: str, find: Callable[[Gone], QuerySet[Any]], *, tables: Sequence[type[Model]], is_told: bool = True
) -> None:
    """`what` names the rows on the receipt of an erasure. Call it once, when the app is ready."""
    if what in _LEFTOVERS:
        raise ValueError(f"{what} go already")
    _LEFTOVERS[what] = Leftover(find, tables, is_told)


def count(gone: Gone) -> Counter[str]:
    """How many rows would go, of those that are told."""
    told = {what: one for what, one in _LEFTOVERS.items() if one.is_told}
    return +Counter({what: sum(one.find(part).count() for part in gone.parts()) for what, one in told.items()})


def let_go(gone: Gone) -> Counter[str]:
    """Delete them, in the transaction of the caller, and return how many, of those that are told."""
    found = {what: sum(one.find(part).delete()[0] for part in gone.parts()) for what, one in _LEFTOVERS.items()}
    return +Counter({what: number for what, number in found.items() if _LEFTOVERS[what].is_told})


def tables() -> list[type[Model]]:
    return [table for one in _LEFTOVERS.values() for table in one.tables]
