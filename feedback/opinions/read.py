"""Scores as the pages of interactions show them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from feedback.models import Score, ScoreQuerySet, Source, State
from feedback.opinions.words import part_words
from interactions.reading.opinions import Opinion

MOST = 10_000  # of a session, or of some interactions
MOST_OF_A_USER = 2_000
MOST_SESSIONS = 300  # of a user
MOST_FINDINGS = 20
COLUMNS = (
    "id score_id interaction_id source name state at value label is_passed threshold author user_id comment version parts "
    "details cost_usd retry_at"
).split()
SOURCES = dict(Source.choices)
STATES = dict(State.choices)


def of_interactions(project_id: int, ids: Collection[UUID]) -> list[Opinion]:
    rows = Score.objects.for_project(project_id).filter(interaction_id__in=list(ids))
    return _unordered(rows, MOST)


def of_session(project_id: int, session_id: str) -> list[Opinion]:
    # SQLite takes a partial index only where the query repeats its condition.
    rows = Score.objects.for_project(project_id).filter(session_id=session_id).exclude(session_id="")
    return _opinions(rows, MOST)


def of_user(project_id: int, user_id: str, sessions: Collection[str], since: datetime) -> list[Opinion]:
    """What they said: scores of others on their answers carry their id, too. Pages often know the session alone."""
    rows = Score.objects.for_project(project_id).of(Source.USER).filter(at__gte=since)
    named = _opinions(rows.filter(user_id=user_id).exclude(user_id=""), MOST_OF_A_USER)
    theirs = rows.filter(session_id__in=list(sessions)[:MOST_SESSIONS], user_id="").exclude(session_id="")
    return sorted(named + _unordered(theirs, MOST_OF_A_USER), key=lambda one: one.at)


def _unordered(rows: ScoreQuerySet, most: int) -> list[Opinion]:
    """Oldest first. Sorted here: asked for in order, SQLite goes through all scores of the project by their time."""
    found = rows.order_by().values(*COLUMNS)[:most]
    return [opinion(row) for row in sorted(found, key=lambda row: (row["at"], row["id"]))]


def _opinions(rows: ScoreQuerySet, most: int) -> list[Opinion]:
    """The newest of them, oldest first."""
    found = rows.newest_first().values(*COLUMNS)[:most]
    return [opinion(row) for row in reversed(found)]


def opinion(row: Mapping[str, Any]) -> Opinion:
    details = row["details"] if isinstance(row["details"], dict) else {}
    same = {name: row[name] for name in COLUMNS if name not in {"id", "source", "state", "parts", "details"}}
    return Opinion(
        key=row["id"],
        source=SOURCES[row["source"]],
        state=STATES[row["state"]],
        parts=row["parts"] if isinstance(row["parts"], dict) else {},
        findings=[_finding(one) for one in _list(details.get("findings"))[:MOST_FINDINGS]],
        reasons={str(name): str(why) for name, why in _dict(details.get("reasons")).items()},
        coverage=details.get("coverage") if isinstance(details.get("coverage"), int | float) else None,
        part_words=part_words(row["source"], _dict(row["parts"]), details),
        changed_at=_changed_at(details) if row["source"] == Source.REVIEWER else None,
        **same,
    )


def _changed_at(details: Mapping[str, Any]) -> datetime | None:
    """When a reviewer last changed the verdict: see feedback/review/correct.py."""
    changes = _list(details.get("changes"))
    return datetime.fromisoformat(changes[-1]["at"]) if changes else None


def _finding(one: Any) -> str:
    """A finding in words, however an evaluator wrote it down."""
    if isinstance(one, dict):
        return str(one.get("text") or one.get("finding") or " ".join(str(part) for part in one.values()))
    return str(one)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}
