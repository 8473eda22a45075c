"""The newest interactions: what a live page shows, read from the facts themselves. Every read is bounded and by an index."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Aggregate, Count, F, Q, Sum
from django.db.models.functions import Coalesce

from interactions.models import Interaction, InteractionQuerySet

# Clocks that go ahead by less than this are believed; what is dated further ahead is not new, but wrong.
AHEAD = timedelta(minutes=1)
LISTED = ("id", "asked_at", "is_error", "error_type", "name", "query_preview", "model", "latency_ms", "cost_usd")


class Fact(NamedTuple):
    """What the figures of the last minutes are made of."""

    asked_at: datetime
    is_error: bool
    latency_ms: float | None
    model: str
    session_id: str
    user_id: str
    input_tokens: int | None
    output_tokens: int | None
    cost_usd: Decimal | None


@dataclass(frozen=True, slots=True)
class Sums:
    """Of the interactions asked in a stretch of time."""

    count: int
    tokens: int
    cost_usd: Decimal


def newest_facts(project_id: int, *, since: datetime, now: datetime, most: int) -> list[Fact]:
    """Return the newest interactions since a moment, the newest first, at most `most` of them."""
    rows = _interactions(project_id, since, now).newest_first()
    return [Fact(*row) for row in rows.values_list(*Fact._fields)[:most]]


def sums_of(facts: Iterable[Fact]) -> Sums:
    known = list(facts)
    tokens = sum((fact.input_tokens or 0) + (fact.output_tokens or 0) for fact in known)
    return Sums(len(known), tokens, sum((fact.cost_usd or Decimal(0) for fact in known), Decimal(0)))


def read_sums(project_id: int, *, first: datetime, second: datetime, now: datetime) -> tuple[Sums, Sums]:
    """Return the sums since two moments, in one pass over the facts since the earlier one."""
    tokens = Coalesce(F("input_tokens"), 0) + Coalesce(F("output_tokens"), 0)
    parts = {"first": Q(asked_at__gte=first), "second": Q(asked_at__gte=second)}
    wanted: dict[str, Aggregate] = {}
    for name, part in parts.items():
        wanted[f"{name}_count"] = Count("id", filter=part)
        wanted[f"{name}_tokens"] = Sum(tokens, filter=part)
        wanted[f"{name}_cost"] = Sum("cost_usd", filter=part)
    found = _interactions(project_id, min(first, second), now).order_by().aggregate(**wanted)
    one, other = (
        Sums(
            found[f"{name}_count"],
            found[f"{name}_tokens"] or 0,
            found[f"{name}_cost"] or Decimal(0),
        )
        for name in parts
    )
    return one, other


def newest_interactions(project_id: int, *, now: datetime, most: int) -> list[Interaction]:
    """Return the newest interactions, however old, with the columns LISTED."""
    rows = Interaction.objects.for_project(project_id).exchanges().filter(asked_at__lt=now + AHEAD)
    return list(rows.newest_first().only(*LISTED)[:most])


def _interactions(project_id: int, since: datetime, now: datetime) -> InteractionQuerySet:
    rows = Interaction.objects.for_project(project_id).exchanges()
    return rows.filter(asked_at__gte=since, asked_at__lt=now + AHEAD)
