"""The kinds of raw data: each is archived, limited and deleted by itself, by the own time of its rows."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Manager, Model, QuerySet

from interactions.metrics import sources
from interactions.models import Event, IngestOutcome, Interaction, Span
from interactions.raw_data.lease import renew
from observatory.metrics.models import Sample
from observatory.metrics.record import SAMPLES

ROWS_A_FETCH = 2_000
READ_AT_ONCE = timedelta(hours=1)
DAYS = "OBSERVATORY_RETENTION_DAYS"

# `restore(source_id, target_id, rows, now)` stores rows of an archive of one project in another, and returns how many were
# "stored", or there already ("duplicate"). A row has the columns of its file by their names.
Restore = Callable[[int, int, Sequence[dict[str, Any]], datetime], Counter[str]]


@dataclass(frozen=True, slots=True)
class Kind:
    """`key` tells rows apart within a project; `columns` are all of a row but the project, the time first.

    A row that is rebuilt may move in time; of its versions the later has no less in the column `grows`. `days` is the
    setting that says how long it is kept. `restore` is that of a package to the right; ours go through the store.
    """

    name: str
    source: str
    model: type[Model]
    time: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    has_payload: bool = False
    grows: str = ""
    days: str = DAYS
    restore: Restore | None = None

    @property
    def is_traced(self) -> bool:
        return "trace_id" in self.columns

    @property
    def names_subjects(self) -> bool:
        """Whether rows carry the ids of a user and a session, also those without a trace."""
        return "user_id" in self.columns

    @property
    def rows(self) -> Manager:
        return self.model._default_manager

    def between(self, project_id: int, start: datetime, end: datetime) -> QuerySet:
        return self.rows.filter(project_id=project_id, **{f"{self.time}__gte": start, f"{self.time}__lt": end})

    def oldest(self, project_id: int, *, since: datetime | None = None) -> datetime | None:
        rows = self.rows.filter(project_id=project_id).order_by(self.time)
        if since is not None:
            rows = rows.filter(**{f"{self.time}__gte": since})
        return rows.values_list(self.time, flat=True).first()

    def read(self, project_id: int, start: datetime, end: datetime) -> Iterator[tuple[Any, ...]]:
        """Yield the columns of the rows, by time. An hour at a time: no statement runs for long, nor the lease out.

        Hours without rows are passed over: most days of most projects have few.
        """
        renew()
        while (first := self.oldest(project_id, since=start)) is not None and first < end:
            renew()
            start = min(first + READ_AT_ONCE, end)
            rows = self.between(project_id, first, start).order_by(self.time)
            yield from rows.values_list(*self.columns).iterator(ROWS_A_FETCH)

    def versions(self, project_id: int, keys: Collection[tuple[Any, ...]]) -> dict[tuple[str, ...], Any]:
        """Of these keys those that are in the database, as texts, with what `grows` is there."""
        rows = self.rows.filter(project_id=project_id, **{f"{self.key[0]}__in": {key[0] for key in keys}})
        found = rows.values_list(*self.key, *([self.grows] if self.grows else []))
        size = len(self.key)
        return {tuple(map(str, row[:size])): row[size] if self.grows else 0 for row in found}


def columns_of(model: type[Model], time: str) -> tuple[str, ...]:
    names = [field.attname for field in model._meta.concrete_fields if field.name != "project"]
    return (time, *(name for name in names if name not in {time, "pk"}))


def _kind(
    name: str, model: type[Model], time: str, key: tuple[str, ...], *, has_payload: bool = False, grows: str = ""
) -> Kind:
    return Kind(name, getattr(sources, name.upper()).name, model, time, key, columns_of(model, time), has_payload, grows)


KINDS = {
    kind.name: kind
    for kind in (
        _kind("interactions", Interaction, "asked_at", ("interaction_id",), has_payload=True, grows="span_count"),
        _kind("spans", Span, "started_at", ("trace_id", "span_id"), has_payload=True),
        _kind("events", Event, "occurred_at", ("event_id",)),
        _kind("outcomes", IngestOutcome, "counted_at", ("id",)),
        Kind("samples", SAMPLES.name, Sample, "at", ("id",), columns_of(Sample, "at")),
    )
}


def register_kind(kind: Kind) -> None:
    """Raw data of a package to the right, kept, archived and erased as ours is. Call it once, when the app is ready."""
    if KINDS.setdefault(kind.name, kind) != kind:
        raise ValueError(f"{kind.name} are raw data already")
