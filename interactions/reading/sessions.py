"""A session: its figures, and its turns with their whole texts."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, Sum

from interactions.digest.assemble import assemble
from interactions.digest.facts import load_traces
from interactions.models import Interaction, InteractionQuerySet
from interactions.reading.opinions import Opinion, opinions_of
from interactions.reading.trace import Trace, interaction_dict

MAX_TURNS = 100  # with their texts, and for those every span of their traces is read
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
        "interactions": with_texts(project_id, turns, opinions_of(project_id, [turn.interaction_id for turn in turns])),
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


def with_texts(
    project_id: int, turns: list[Interaction], opinions: Mapping[UUID, Sequence[Opinion]] | None = None
) -> list[dict[str, Any]]:
    """The turns with their whole texts, as the API answers them; with what is said of them, where it is given."""
    traces = load_traces(project_id, {turn.trace_id for turn in turns})
    found = []
    for turn in turns:
        facts = traces[turn.trace_id]
        assembled = assemble(facts.spans, {}) if facts.spans else None
        trace = Trace(turn.trace_id, facts.spans, [turn], facts.native_texts, assembled=assembled, opinions=opinions or {})
        found.append(interaction_dict(trace, turn))
    return found
