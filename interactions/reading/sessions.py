"""A session as the chat that it was, and the sessions that spoke last."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, Q, Sum

from interactions.digest.assemble import assemble
from interactions.digest.facts import load_traces
from interactions.models import Interaction, InteractionQuerySet
from interactions.reading.costs import is_unpriced
from interactions.reading.trace import Trace, interaction_dict

MAX_TURNS = 100  # with their texts, and for those every span of their traces is read
RECENT_INTERACTIONS = 2_000
ROW_FIELDS = "id session_id user_id asked_at query_preview is_error model cost_usd input_tokens output_tokens".split()
UNPRICED = Q(cost_usd=None) & (Q(input_tokens__isnull=False) | Q(output_tokens__isnull=False))


def find_session(project_id: int, session_id: str) -> dict[str, Any] | None:
    """Return the session, None if the project has no such one: figures of all turns, whole texts of the first ones."""
    interactions = Interaction.objects.for_project(project_id).exchanges().of_session(session_id)
    turns = list(interactions.order_by("asked_at", "id")[:MAX_TURNS])
    if not turns:
        return None
    figures = figures_of(interactions)
    if figures.pop("unpriced"):
        figures["cost_usd"] = None  # to a program, a sum without the price of a turn would pass for the whole
    return {
        "session_id": session_id,
        "user_id": next((turn.user_id for turn in turns if turn.user_id), None),
        **figures,
        "is_cut": figures["turns"] > len(turns),
        "interactions": with_texts(project_id, turns),
    }


def figures_of(interactions: InteractionQuerySet) -> dict[str, Any]:
    """The totals of a session; its cost is without the `unpriced` turns."""
    return interactions.aggregate(
        started_at=Min("asked_at"),
        last_at=Max("asked_at"),
        turns=Count("id"),
        errors=Count("id", filter=Q(is_error=True)),
        unpriced=Count("id", filter=UNPRICED),
        cost_usd=Sum("cost_usd"),
        input_tokens=Sum("input_tokens"),
        output_tokens=Sum("output_tokens"),
    )


def with_texts(project_id: int, turns: list[Interaction]) -> list[dict[str, Any]]:
    """The turns with their whole texts, as the API answers them."""
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
    """A session among the last RECENT_INTERACTIONS interactions with one; its numbers speak of these.

    Its cost is without the `unpriced` turns.
    """

    session_id: str
    user_id: str
    first_at: datetime
    last_at: datetime
    first_query: str
    turns: int
    errors: int
    cost_usd: Decimal | None
    unpriced: int
    models: set[str] = field(default_factory=set)


def recent_sessions(project_id: int) -> list[SessionRow]:
    """Return the sessions that spoke last, the latest first."""
    interactions = Interaction.objects.for_project(project_id).exchanges().exclude(session_id="").only(*ROW_FIELDS)
    found: dict[str, list[Interaction]] = defaultdict(list)
    for one in interactions.newest_first()[:RECENT_INTERACTIONS]:
        found[one.session_id].append(one)
    return [_row(turns) for turns in found.values()]


def _row(turns: list[Interaction]) -> SessionRow:
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
        models={turn.model for turn in turns if turn.model},
    )
