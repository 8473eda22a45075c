"""A session as the chat that it was, and the sessions that spoke last."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from interactions.digest.assemble import assemble
from interactions.digest.facts import load_traces
from interactions.models import Interaction
from interactions.reading.trace import Trace, interaction_dict

MAX_TURNS = 500
RECENT_INTERACTIONS = 2_000
ROW_FIELDS = ("id", "session_id", "user_id", "asked_at", "query_preview", "is_error", "model", "cost_usd")


def find_session(project_id: int, session_id: str) -> dict[str, Any] | None:
    """Return the session with its turns, whole texts, oldest first; None if the project has no such session."""
    interactions = Interaction.objects.for_project(project_id).exchanges().filter(session_id=session_id)
    turns = list(interactions.order_by("asked_at", "id")[:MAX_TURNS])
    if not turns:
        return None
    costs = [turn.cost_usd for turn in turns if turn.cost_usd is not None]
    return {
        "session_id": session_id,
        "user_id": next((turn.user_id for turn in turns if turn.user_id), None),
        "started_at": turns[0].asked_at,
        "last_at": turns[-1].asked_at,
        "turns": len(turns),
        "is_cut": len(turns) == MAX_TURNS,
        "errors": sum(turn.is_error for turn in turns),
        "cost_usd": sum(costs) if costs else None,
        "input_tokens": _sum(turn.input_tokens for turn in turns),
        "output_tokens": _sum(turn.output_tokens for turn in turns),
        "interactions": _with_texts(project_id, turns),
    }


def _sum(numbers: Any) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def _with_texts(project_id: int, turns: list[Interaction]) -> list[dict[str, Any]]:
    traces = load_traces(project_id, {turn.trace_id for turn in turns})
    found = []
    for turn in turns:
        facts = traces[turn.trace_id]
        assembled = assemble(facts.spans, {}) if facts.spans else None
        trace = Trace(turn.trace_id, facts.spans, [turn], facts.native_texts, assembled=assembled)
        found.append(interaction_dict(trace, turn))
    return found


@dataclass
class SessionRow:
    """A session among the last RECENT_INTERACTIONS interactions with one; its numbers speak of these."""

    session_id: str
    user_id: str
    first_at: datetime
    last_at: datetime
    first_query: str
    turns: int = 0
    errors: int = 0
    cost_usd: Decimal | None = None
    models: set[str] = field(default_factory=set)


def recent_sessions(project_id: int) -> list[SessionRow]:
    """Return the sessions that spoke last, the latest first."""
    interactions = Interaction.objects.for_project(project_id).exchanges().exclude(session_id="").only(*ROW_FIELDS).newest_first()
    found: dict[str, SessionRow] = {}
    for one in interactions[:RECENT_INTERACTIONS]:
        row = found.setdefault(
            one.session_id, SessionRow(one.session_id, one.user_id, one.asked_at, one.asked_at, one.query_preview)
        )
        row.first_at, row.first_query = one.asked_at, one.query_preview
        row.user_id = row.user_id or one.user_id
        row.turns += 1
        row.errors += one.is_error
        row.models |= {one.model} - {""}
        if one.cost_usd is not None:
            row.cost_usd = (row.cost_usd or Decimal(0)) + one.cost_usd
    return list(found.values())
