"""Writes what was derived. Runs inside the digest's transaction; every statement replaces, none adds up."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson
from django.db import connection

from interactions import search, trace_notes
from interactions.digest import user_days
from interactions.digest.assemble import Assembled
from interactions.digest.compute import Derived, interaction_id_of
from interactions.ingest.rows import count, dollars, preview
from interactions.metrics.sources import INTERACTIONS, SPANS
from interactions.models import Interaction, Origin, PricingGap, Span
from interactions.models.fields import TOKENS, pack_id
from observatory.core import bulk
from observatory.metrics import staleness

DERIVED_COLUMNS = (
    "origin is_error is_future_dated asked_at name session_id user_id model provider environment release prompt_name "
    "prompt_version error_type latency_ms retrieval_ms generation_ms time_to_first_token_ms cost_usd span_count tags "
    f"{' '.join(TOKENS)} query_preview answer_preview"
).split()
# What only a native interaction can say.
UNSAID = {"is_cost_given": False} | dict.fromkeys("model_version category experiment arm final_decision".split(), "")
KEY_COLUMNS = ("project_id", "interaction_id", "trace_id")


def write(derived: Derived, *, now: datetime) -> None:
    """Write the derived rows of one project."""
    before = _askings_of_interactions(derived)
    _write_interactions(derived)
    _write_natives(derived)
    trace_notes.note(derived.project_id, derived.subjects)
    write_span_costs(derived.project_id, derived.span_costs)
    write_gaps(derived, now)
    _mark_minutes(derived, before, now)


def _askings_of_interactions(derived: Derived) -> set[tuple[str, datetime]]:
    """Who asked, and when: of the interactions as they were."""
    trace_ids = [*derived.assembled, *derived.traces_with_natives]
    rows = Interaction.objects.for_project(derived.project_id).filter(trace_id__in=trace_ids)
    return set(rows.values_list("user_id", "asked_at"))


def _mark_minutes(derived: Derived, before: set[tuple[str, datetime]], now: datetime) -> None:
    """Mark the minutes and the days of users in which the interactions were and are, and the minutes of the spans."""
    after = {(one.values["user_id"], one.values["asked_at"]) for one in derived.assembled.values()}
    user_days.mark(derived.project_id, before | after)
    stale = {(derived.project_id, INTERACTIONS.name, at.timestamp()) for _, at in before | after}
    stale |= {(derived.project_id, SPANS.name, at) for at in derived.span_times}
    staleness.mark(stale, now=now)


def _write_interactions(derived: Derived) -> None:
    """Insert the assembled interactions or replace what was derived before: through the ORM half of the digest's time."""
    if not derived.assembled:
        return
    rows = [_interaction_row(derived.project_id, trace_id, one) for trace_id, one in derived.assembled.items()]
    keys = bulk.upsert(
        Interaction,
        (*KEY_COLUMNS, *UNSAID, *DERIVED_COLUMNS),
        rows,
        unique=("project_id", "interaction_id"),
        replaced=DERIVED_COLUMNS,
        returning=("trace_id", "id"),
    )
    ids = {bytes(trace_id): primary_key for trace_id, primary_key in keys}
    words = [search.words_of(assembled.query, assembled.answer) for assembled in derived.assembled.values()]
    search.index(derived.project_id, [(ids[row[2]], text) for row, text in zip(rows, words, strict=True) if text])
    # A late root may leave a trace without question and answer that had one before.
    search.forget([ids[row[2]] for row, text in zip(rows, words, strict=True) if not text])


def _interaction_row(project_id: int, trace_id: str, assembled: Assembled) -> tuple[Any, ...]:
    values = assembled.values | {
        "origin": int(assembled.values["origin"]),
        "asked_at": connection.ops.adapt_datetimefield_value(assembled.values["asked_at"]),
        "cost_usd": dollars(assembled.values["cost_usd"]),
        **{name: count(assembled.values[name]) for name in TOKENS},
        "tags": orjson.dumps(assembled.values["tags"]).decode(),
        "query_preview": preview(assembled.query),
        "answer_preview": preview(assembled.answer),
    }
    key = (project_id, interaction_id_of(project_id, trace_id).hex, pack_id(trace_id, 16))
    return (*key, *UNSAID.values(), *(values[name] for name in DERIVED_COLUMNS))


def _write_natives(derived: Derived) -> None:
    """A native interaction speaks for its trace: the assembled one, if it came first, goes."""
    search.index(derived.project_id, [(pk, words) for pk, words in derived.native_words if words])
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


def write_span_costs(project_id: int, costs: list[tuple[str, str, Decimal | None]]) -> None:
    """Write costs of spans: `(trace, span, cost)`."""
    if not costs:
        return
    table = Span._meta.db_table
    values = [(pack_id(trace_id, 16), pack_id(span_id, 8), dollars(cost)) for trace_id, span_id, cost in costs]
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


def write_gaps(derived: Derived, now: datetime) -> None:
    """Note the models without a price, and forget those that have one now."""
    gaps = [
        PricingGap(project_id=derived.project_id, provider=provider, model=model, first_seen_at=now, last_seen_at=now)
        for provider, model in sorted(derived.gaps)
    ]
    known = PricingGap.objects.filter(project_id=derived.project_id)
    closed = [gap.pk for gap in known if (gap.provider, gap.model) in derived.priced - derived.gaps]
    if closed:
        PricingGap.objects.filter(pk__in=closed).delete()
    PricingGap.objects.bulk_create(
        gaps, update_conflicts=True, unique_fields=["project", "provider", "model"], update_fields=["last_seen_at"]
    )
