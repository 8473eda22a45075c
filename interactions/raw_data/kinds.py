"""The kinds of raw data: each is archived, limited and deleted by itself, by the own time of its rows."""

from collections.abc import Collection, Iterator
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


@dataclass(frozen=True, slots=True)
class Kind:
    """`key` tells rows apart within a project; `columns` are all of a row but the project, the time first.

    A row that is rebuilt may move in time; of its versions the later has no less in the column `grows`.
    """

    name: str
    source: str
    model: type[Model]
    time: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    has_payload: bool = False
    grows: str = ""

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
        """Yield the columns of the rows, by time. Hour by hour: no statement runs for long, nor the lease out."""
        while start < end:
            renew()
            until = min(start + READ_AT_ONCE, end)
            rows = self.between(project_id, start, until).order_by(self.time)
            yield from rows.values_list(*self.columns).iterator(ROWS_A_FETCH)
            start = until

    def versions(self, project_id: int, keys: Collection[tuple[Any, ...]]) -> dict[tuple[str, ...], int]:
        """Of these keys those that are in the database, as texts, with what `grows` is there."""
        rows = self.rows.filter(project_id=project_id, **{f"{self.key[0]}__in": {key[0] for key in keys}})
        found = rows.values_list(*self.key, *([self.grows] if self.grows else []))
        size = len(self.key)
        return {tuple(map(str, row[:size])): row[size] if self.grows else 0 for row in found}


def _columns(model: type[Model], time: str) -> tuple[str, ...]:
    names = [field.attname for field in model._meta.concrete_fields if field.name != "project"]
    return (time, *(name for name in names if name not in {time, "pk"}))


def _kind(
    name: str, model: type[Model], time: str, key: tuple[str, ...], *, has_payload: bool = False, grows: str = ""
) -> Kind:
    return Kind(name, getattr(sources, name.upper()).name, model, time, key, _columns(model, time), has_payload, grows)


KINDS = {
    kind.name: kind
    for kind in (
        _kind("interactions", Interaction, "asked_at", ("interaction_id",), has_payload=True, grows="span_count"),
        _kind("spans", Span, "started_at", ("trace_id", "span_id"), has_payload=True),
        _kind("events", Event, "occurred_at", ("event_id",)),
        _kind("outcomes", IngestOutcome, "counted_at", ("id",)),
        Kind("samples", SAMPLES.name, Sample, "at", ("id",), _columns(Sample, "at")),
    )
}
