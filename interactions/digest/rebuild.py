"""Rebuilding what is derived: every fact is marked stale again, in statements that run inside the database."""

from django.db import connection, transaction

from interactions.models import Interaction, Origin, Span, StaleTrace
from interactions.pricing.names import ANY_END, bare_name


def mark_unpriced_stale(model: str) -> int:
    """Mark the traces in which calls of a model have no cost yet, and return how many: its price has become known.

    `model` is that of a row of the price book: it may end in `*`.
    """
    marks, spans, interactions = (table._meta.db_table for table in (StaleTrace, Span, Interaction))
    name = bare_name(model).removesuffix(ANY_END)
    names = [name, f"models/{name}"]
    is_named = "lower(model) IN (%s, %s)"
    if model.endswith(ANY_END):
        is_named = " OR ".join(f"substr(lower(model), 1, {len(one)}) = %s" for one in names)
    counted = "(input_tokens IS NOT NULL OR output_tokens IS NOT NULL)"
    unpriced = f"cost_usd IS NULL AND {counted} AND ({is_named})"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {marks} (project_id, trace_id, marked_at) "  # noqa: S608
            "SELECT project_id, trace_id, CURRENT_TIMESTAMP FROM ("
            f"SELECT project_id, trace_id FROM {spans} WHERE {unpriced} "
            f"UNION SELECT project_id, trace_id FROM {interactions} WHERE {unpriced}) AS traces",
            [*names, *names],
        )
        return cursor.rowcount


def mark_all_stale() -> int:
    """Mark each trace that has spans or a native interaction, and return how many."""
    marks, spans, interactions = (model._meta.db_table for model in (StaleTrace, Span, Interaction))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {marks} (project_id, trace_id, marked_at) "  # noqa: S608
            f"SELECT project_id, trace_id, CURRENT_TIMESTAMP FROM (SELECT project_id, trace_id FROM {spans} "
            f"UNION SELECT project_id, trace_id FROM {interactions} WHERE origin = %s) AS traces",
            [Origin.NATIVE],
        )
        return cursor.rowcount
