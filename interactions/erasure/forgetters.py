"""What packages to the right keep that may name a user or a session: they register here how it goes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Model

# `forget(project_id, column, id)`, as in `forget(1, "user_id", "user-17")`, is called in the transaction of the erasure and
# returns how many rows it changed or deleted.
Forget = Callable[[int, str, str], int]


@dataclass(frozen=True, slots=True)
class Forgetter:
    """`tables`: where changed rows lie, for PostgreSQL to clean."""

    forget: Forget
    tables: Sequence[type[Model]]


_FORGETTERS: dict[str, Forgetter] = {}


def register_forgetter(what: str, forget: Forget, *, tables: Sequence[type[Model]]) -> None:
    """`what` names the rows on the receipt. Call it once, when the app is ready."""
    if what in _FORGETTERS:
        raise ValueError(f"{what} are forgotten already")
    _FORGETTERS[what] = Forgetter(forget, tables)


def forgetters() -> Mapping[str, Forgetter]:
    return _FORGETTERS
