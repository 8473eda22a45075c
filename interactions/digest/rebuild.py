"""Rebuilding what is derived: every fact is marked stale again, in statements that run inside the database."""

from django.db import connection, transaction

from interactions.models import Interaction, Origin, Span, StaleTrace


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
