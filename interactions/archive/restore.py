"""Reading the archive back: into a project of its own, through the store, so that nothing is counted twice."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

import orjson

from interactions.archive.files import ArchiveError, checksum, opened
from interactions.archive.tables import names_of, read_file
from interactions.ingest.http import HttpRequest
from interactions.ingest.records import EventRecord, InteractionRecord, Record, SpanRecord
from interactions.ingest.store import store
from interactions.models import ArchiveFile, Kind, Origin
from interactions.raw_data.kinds import KINDS, Restore
from interactions.raw_data.lease import LEASE, LEASE_S, WAIT_S, renew
from observatory.core.leases import holding
from observatory.projects.models import Project

SIGNAL = "restore"
ROWS_AT_ONCE = 500
Row = dict[str, Any]


def restored_project(source: Project, slug: str) -> Project:
    """Return the project to restore into. It is made for this, has no keys, and retention leaves it alone."""
    target, _ = Project.objects.get_or_create(
        slug=slug, defaults={"name": f"{source.name} (restored)"[:120], "restored_from": source}
    )
    if target.restored_from_id != source.pk:
        raise ArchiveError(f"The project {slug} is not a restoration of {source.slug}; choose another name.")
    return target


def restore_file(file: ArchiveFile, target: Project, *, now: datetime) -> Counter[str]:
    """Store the facts of a file and return how many were stored, or there already. What is derived is computed again.

    LeaseBusy where retention or an erasure is at work: what is being erased must not come back.
    """
    if not may_restore(file.kind):
        return Counter()
    with holding(LEASE, seconds=LEASE_S, wait_s=WAIT_S):
        current = ArchiveFile.objects.filter(pk=file.pk).first()
        return Counter() if current is None else _restore(current, target, now)


def may_restore(kind: str) -> bool:
    return kind in RECORDS or (kind in KINDS and KINDS[kind].restore is not None)


def _restore(file: ArchiveFile, target: Project, now: datetime) -> Counter[str]:
    if checksum(file.name) != file.sha256:
        raise ArchiveError(f"{file.name} is not the file that was written: its SHA-256 differs.")
    kind, found = KINDS[file.kind], Counter[str]()
    names, restore = names_of(kind), kind.restore or _through_store(RECORDS[file.kind])
    with opened(file.name) as content:
        rows = (dict(zip(names, row, strict=True)) for row in read_file(content, names))
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            renew()
            found += restore(file.project_id, target.pk, batch, now)
    return found


def _through_store(record_of: Callable[[Row], Record | None]) -> Restore:
    def restore(source_id: int, target_id: int, rows: Sequence[Row], now: datetime) -> Counter[str]:
        records = [one for row in rows if (one := record_of(row))]
        return Counter(map(str, store(project_id=target_id, signal=SIGNAL, now=now, records=records)))

    return restore


def _span(row: Row) -> SpanRecord:
    values = _common(SpanRecord, row, "started_at", "started_us")
    http = HttpRequest(*(row[f"http_{name}"] for name in HttpRequest._fields))
    return SpanRecord(**{**values, "kind": Kind(row["kind"]), "texts": _json(row["texts"]), "http": http})


def _interaction(row: Row) -> InteractionRecord | None:
    """A native interaction. The others are assembled from their spans again."""
    if row["origin"] != Origin.NATIVE:
        return None
    values = _common(InteractionRecord, row, "asked_at", "asked_us")
    own = {"interaction_id": UUID(row["interaction_id"]), "tags": _json(row["tags"]), "texts": _json(row["texts"])}
    return InteractionRecord(**{**values, **own})


def _event(row: Row) -> EventRecord:
    return EventRecord(**{**_common(EventRecord, row, "occurred_at", "occurred_us"), "data": _json(row["data"])})


def _common(record: type, row: Row, time: str, time_us: str) -> dict[str, Any]:
    names = {field.name for field in fields(record)}
    values = {name: value for name, value in row.items() if name in names}
    if "cost_usd" in values and not row["is_cost_given"]:
        values["cost_usd"] = None
    values[time_us] = _microseconds(row[time])
    return values


def _microseconds(moment: datetime) -> int:
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond


def _json(text: str | None) -> Any:
    return orjson.loads(text) if text else {}


RECORDS: dict[str, Callable[[Row], Record | None]] = {"spans": _span, "interactions": _interaction, "events": _event}
