"""The tables of facts that the roll-up reads, each with the columns that its metrics need."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from interactions.models import Event, IngestOutcome, Interaction, Span
from interactions.models.fields import TOKENS
from observatory.metrics.catalogue import Source
from observatory.metrics.times import times_by_day

ROWS_A_FETCH = 5_000


def _source(name: str, text: str, facts: QuerySet[Any], columns: tuple[str, ...], partition: str = "") -> Source:
    newest = _newest(facts, columns) if any(field.name == "trace_id" for field in facts.model._meta.fields) else None
    return Source(name, text, columns, _reader(facts, columns), times_by_day(facts, columns[0]), partition, newest)


def _reader(
    facts: QuerySet[Any], columns: tuple[str, ...]
) -> Callable[[int, datetime, datetime], Iterable[tuple[Any, ...]]]:
    def rows(project_id: int, start: datetime, end: datetime) -> Iterable[tuple[Any, ...]]:
        window = {f"{columns[0]}__gte": start, f"{columns[0]}__lt": end}
        return facts.filter(project_id=project_id, **window).values_list(*columns).iterator(ROWS_A_FETCH)

    return rows


def _newest(
    facts: QuerySet[Any], columns: tuple[str, ...]
) -> Callable[[int, datetime, datetime, int], Iterable[tuple[Any, ...]]]:
    def rows(project_id: int, start: datetime, end: datetime, limit: int) -> Iterable[tuple[Any, ...]]:
        window = {f"{columns[0]}__gte": start, f"{columns[0]}__lt": end}
        found = facts.filter(project_id=project_id, **window).order_by(f"-{columns[0]}")
        return found.values_list(*columns, "trace_id")[:limit]

    return rows


INTERACTIONS = _source(
    "interactions",
    "One exchange: a question, what was found, an answer.",
    Interaction.objects.exchanges(),  # as in the lists: a trace without any AI step is none
    tuple(
        (
            "asked_at origin is_error model provider model_version environment release prompt_name prompt_version category "
            "session_id user_id span_count latency_ms retrieval_ms generation_ms time_to_first_token_ms confidence "
            f"citations_count cost_usd {' '.join(TOKENS)}"
        ).split()
    ),
)
SPANS = _source(
    "spans",
    "One step of a trace.",
    Span.objects.all(),
    tuple(
        (
            "started_at kind is_error name model duration_ms input_tokens output_tokens cost_usd http_method http_route "
            "http_status http_user_type"
        ).split()
    ),
    partition="kind",
)
EVENTS = _source(
    "events",
    "A named thing that happened in a browser or a backend.",
    Event.objects.all(),
    tuple("occurred_at type session_id user_id component action duration_ms data".split()),
    partition="type",
)
OUTCOMES = _source(
    "outcomes",
    "How many records of a way in were stored, repeated or refused.",
    IngestOutcome.objects.all(),
    tuple("counted_at signal outcome reason records".split()),
)
