"""Writes what was derived. Runs inside the digest's transaction; every statement replaces, none adds up."""

from datetime import datetime
from decimal import Decimal

from django.db import connection

from interactions import search
from interactions.digest.compute import Derived, interaction_id_of
from interactions.ingest.rows import preview
from interactions.models import Interaction, Origin, PricingGap, Span
from interactions.models.fields import pack_id

DERIVED_FIELDS = (
    "origin is_error is_future_dated asked_at name session_id user_id model provider environment release prompt_name "
    "prompt_version error_type latency_ms retrieval_ms generation_ms time_to_first_token_ms cost_usd span_count tags "
    "input_tokens output_tokens cached_tokens cache_write_tokens reasoning_tokens query_preview answer_preview"
).split()


def write(derived: Derived, *, now: datetime) -> None:
    """Write the derived rows of one project."""
    _write_interactions(derived)
    _write_natives(derived)
    _write_span_costs(derived.project_id, derived.span_costs)
    _write_gaps(derived, now)


def _write_interactions(derived: Derived) -> None:
    if not derived.assembled:
        return
    interactions = [
        Interaction(
            project_id=derived.project_id,
            interaction_id=interaction_id_of(derived.project_id, trace_id),
            trace_id=trace_id,
            query_preview=preview(assembled.query),
            answer_preview=preview(assembled.answer),
            **assembled.values,
        )
        for trace_id, assembled in derived.assembled.items()
    ]
    Interaction.objects.bulk_create(
        interactions, update_conflicts=True, unique_fields=["project", "interaction_id"], update_fields=DERIVED_FIELDS
    )
    words = [search.words_of(assembled.query, assembled.answer) for assembled in derived.assembled.values()]
    search.index([(one.pk, text) for one, text in zip(interactions, words, strict=True) if text])


def _write_natives(derived: Derived) -> None:
    """A native interaction speaks for its trace: the assembled one, if it came first, goes."""
    search.index([(pk, words) for pk, words in derived.native_words if words])
    Interaction.objects.bulk_update(derived.native_changes, ["cost_usd", "span_count"], batch_size=200)
    if derived.traces_with_natives:
        assembled = (
            Interaction.objects.for_project(derived.project_id)
            .filter(trace_id__in=derived.traces_with_natives)
            .exclude(origin=Origin.NATIVE)
        )
        outdated = list(assembled.values_list("id", flat=True))
        search.forget(outdated)
        Interaction.objects.filter(id__in=outdated).delete()


def _write_span_costs(project_id: int, costs: list[tuple[str, str, Decimal]]) -> None:
    if not costs:
        return
    table = Span._meta.db_table
    values = [
        (pack_id(trace_id, 16), pack_id(span_id, 8), format(round(cost, 12), "f")) for trace_id, span_id, cost in costs
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            marks = ", ".join(["(%s::bytea, %s::bytea, %s::numeric)"] * len(values))
            cursor.execute(
                f"UPDATE {table} SET cost_usd = priced.cost FROM (VALUES {marks}) AS priced(trace_id, span_id, cost) "  # noqa: S608
                f"WHERE {table}.project_id = %s AND {table}.trace_id = priced.trace_id AND {table}.span_id = priced.span_id",
                [value for row in values for value in row] + [project_id],
            )
            return
        cursor.executemany(
            f"UPDATE {table} SET cost_usd = %s WHERE project_id = %s AND trace_id = %s AND span_id = %s",  # noqa: S608
            [(cost, project_id, trace_id, span_id) for trace_id, span_id, cost in values],
        )


def _write_gaps(derived: Derived, now: datetime) -> None:
    gaps = [
        PricingGap(project_id=derived.project_id, provider=provider, model=model, first_seen_at=now, last_seen_at=now)
        for provider, model in sorted(derived.gaps)
    ]
    PricingGap.objects.bulk_create(
        gaps, update_conflicts=True, unique_fields=["project", "provider", "model"], update_fields=["last_seen_at"]
    )
