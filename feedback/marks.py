"""Marks of traces whose interactions were digested: their answers wait for an estimate, and scores may wait for them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from interactions.models import Interaction, Origin
from interactions.models.fields import pack_id
from observatory.core import bulk


def note_digested(project_id: int, trace_ids: Sequence[str], now: datetime) -> None:
    from feedback.models import UnscoredTrace

    marked_at = bulk.database_time(int(now.timestamp() * 1_000_000))
    rows = [(project_id, pack_id(trace_id, 16), marked_at) for trace_id in trace_ids]
    bulk.insert(UnscoredTrace, ("project_id", "trace_id", "marked_at"), rows)


def register() -> None:
    from interactions.digest.digested import register_note

    register_note(note_digested)


def mark_all(project_id: int | None = None) -> int:
    """Mark each trace that has an exchange, of one project or of all, and return how many; inside the database."""
    from feedback.models import UnscoredTrace

    marks, interactions = (model._meta.db_table for model in (UnscoredTrace, Interaction))
    chosen, values = ("", []) if project_id is None else (" AND project_id = %s", [project_id])
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {marks} (project_id, trace_id, marked_at) "  # noqa: S608
            f"SELECT DISTINCT project_id, trace_id, CURRENT_TIMESTAMP FROM {interactions} WHERE origin <> %s{chosen}",
            [Origin.PLAIN, *values],
        )
        return cursor.rowcount
