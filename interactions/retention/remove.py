"""Removing rows of one kind, with all that hangs on them, in one transaction of the caller."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from interactions import search
from interactions.models import Interaction, StaleTrace
from interactions.retention.kinds import Kind
from interactions.retention.payload_blocks import release

IDS_AT_ONCE = 1_000


class RowsChanged(Exception):
    """The rows are no longer those that were looked at: nothing may go, and the next run looks again."""


def remove(project_id: int, kind: Kind, chosen: QuerySet, rows: Sequence[tuple[Any, ...]]) -> None:
    """Delete `chosen`, which must be exactly `rows` (of `kind.columns`): their texts, words and given-up marks go too."""
    places = {name: place for place, name in enumerate(kind.columns)}
    if chosen.delete()[0] != len(rows):
        raise RowsChanged(kind.name)
    if kind.has_payload:
        release(project_id, kind, {row[places["payload_id"]] for row in rows} - {None})
        for traces in chunks(sorted({row[places["trace_id"]] for row in rows})):
            StaleTrace.objects.failed().filter(project_id=project_id, trace_id__in=traces).delete()
    if kind.model is Interaction:
        for ids in chunks([row[places["id"]] for row in rows]):
            search.forget(ids)


def chunks(values: Sequence[Any]) -> list[Sequence[Any]]:
    return [values[place : place + IDS_AT_ONCE] for place in range(0, len(values), IDS_AT_ONCE)]
