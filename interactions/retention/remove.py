"""Removing rows of one kind, with all that hangs on them, in one transaction of the caller."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from interactions import search
from interactions.models import Interaction
from interactions.raw_data.kinds import Kind
from interactions.retention.payload_blocks import release
from interactions.trace_notes import SUBJECTS

IDS_AT_ONCE = 1_000


class RowsChanged(Exception):
    """The rows are no longer those that were looked at: nothing may go, and the next run looks again."""


class Ties:
    """How many rows passed, and what hangs on them: traces, blocks of texts, indexed words, whose they were."""

    def __init__(self, kind: Kind):
        self.places = {name: place for place, name in enumerate(kind.columns)}
        self.kind, self.number = kind, 0
        self.traces: set[str] = set()
        self.blocks: set[int] = set()
        self.ids: list[int] = []
        self.interactions: set[UUID] = set()
        self.subjects: set[tuple[str, str, str]] = set()  # (trace, kind, id)

    def watch(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """Yield rows of `kind.columns`, and remember what hangs on them."""
        places, is_traced, is_interaction = self.places, "trace_id" in self.places, self.kind.model is Interaction
        for row in rows:
            self.number += 1
            if is_traced and row[places["trace_id"]] is not None:
                self.traces.add(str(row[places["trace_id"]]))
            if self.kind.has_payload and row[places["payload_id"]] is not None:
                self.blocks.add(row[places["payload_id"]])
            if is_interaction:
                self._add_interaction(row)
            yield row

    def _add_interaction(self, row: tuple[Any, ...]) -> None:
        self.ids.append(row[self.places["id"]])
        self.interactions.add(row[self.places["interaction_id"]])
        for kind, name in SUBJECTS.items():
            if row[self.places[name]]:
                self.subjects.add((str(row[self.places["trace_id"]]), kind, row[self.places[name]]))


def remove(project_id: int, chosen: QuerySet, ties: Ties) -> None:
    """Delete `chosen`, which must be exactly the rows that passed `ties`: their texts and words go too."""
    if chosen.delete()[0] != ties.number:
        raise RowsChanged(ties.kind.name)
    if ties.kind.has_payload:
        release(project_id, ties.kind, ties.blocks)
    for place in range(0, len(ties.ids), IDS_AT_ONCE):
        search.forget(ties.ids[place : place + IDS_AT_ONCE])
