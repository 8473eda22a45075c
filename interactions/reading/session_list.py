"""The sessions of a stretch of time, out of its newest interactions: no index knows the sessions of a project."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from interactions.reading.costs import is_unpriced
from interactions.reading.selection import Selection

MOST_READ = 5_000  # interactions, with and without a session: a tenth of a second
COLUMNS = ("session_id", "user_id", "query_preview", "is_error", "model", "cost_usd", "input_tokens", "output_tokens")


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session; its figures speak of the interactions that were read. The cost is without the `unpriced` turns."""

    session_id: str
    user_id: str
    first_at: datetime
    last_at: datetime
    first_query: str
    turns: int
    errors: int
    cost_usd: Decimal | None
    unpriced: int
    models: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sessions:
    """`looked_until` is set where the reading ended before the time did: there may be more, and earlier turns, behind it."""

    rows: Sequence[SessionRow]
    read: int
    looked_until: datetime | None


# What the list can be sorted by, the largest first; among equal ones the latest.
SORTS: Mapping[str, Callable[[SessionRow], Any]] = {
    "last": lambda row: row.last_at,
    "turns": lambda row: row.turns,
    "errors": lambda row: row.errors,
    "cost": lambda row: row.cost_usd or 0,
}


def sessions_of(selection: Selection, *, sort: str = "last", session: str = "") -> Sessions:
    """Return the sessions among the newest MOST_READ interactions. KeyError for an unknown sort.

    `session` keeps the one of that id, which an index finds however old it is, else those that have it in theirs.
    """
    if session:
        own = Selection(selection.project_id, replace(selection.filters, session_id=session))
        found = _read(own, sort)
        if found.rows:
            return found
    found = _read(selection, sort)
    return replace(found, rows=[row for row in found.rows if session.lower() in row.session_id.lower()])


def _read(selection: Selection, sort: str) -> Sessions:
    newest, may_be_more = selection.newest(COLUMNS, MOST_READ)
    turns: dict[str, list[Any]] = defaultdict(list)
    for one in newest:
        if one.session_id:
            turns[one.session_id].append(one)
    rows = sorted(map(_row, turns.values()), key=lambda row: (SORTS[sort](row), row.last_at), reverse=True)
    return Sessions(rows, len(newest), newest[-1].asked_at if newest and may_be_more else None)


def _row(turns: Sequence[Any]) -> SessionRow:
    """The row of a session out of its turns, the newest first."""
    last, first = turns[0], turns[-1]
    costs = [turn.cost_usd for turn in turns if turn.cost_usd is not None]
    return SessionRow(
        session_id=last.session_id,
        user_id=next((turn.user_id for turn in turns if turn.user_id), ""),
        first_at=first.asked_at,
        last_at=last.asked_at,
        first_query=first.query_preview,
        turns=len(turns),
        errors=sum(turn.is_error for turn in turns),
        cost_usd=sum(costs, Decimal(0)) if costs else None,
        unpriced=sum(map(is_unpriced, turns)),
        models=sorted({turn.model for turn in turns if turn.model}),
    )
