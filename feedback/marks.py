"""Marks of traces whose interactions were digested: their answers wait for an estimate, and scores may wait for them."""

from collections.abc import Sequence
from datetime import datetime

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
