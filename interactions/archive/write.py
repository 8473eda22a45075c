"""Archiving one day of one kind: what the file already has, and what the database has of that day."""

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

import orjson

from interactions.archive.files import opened, publish
from interactions.archive.tables import names_of, read_file, write_file, writer_of
from interactions.models import ArchiveFile, Span
from interactions.payloads.read import contents_of
from interactions.raw_data.kinds import Kind
from interactions.raw_data.prints import Prints
from observatory.projects.models import Project

BLOCKS_KEPT = 64
ROWS_AT_ONCE = 1_000
Row = tuple[Any, ...]


def archive_day(project: Project, kind: Kind, day: date, prints: Prints) -> None:
    """Write the file of a day, which stays open; `prints` learns what of the database is in it."""
    start = datetime.combine(day, time(), UTC)
    rows = prints.watch(kind.read(project.pk, start, start + timedelta(days=1)))
    files = ArchiveFile.objects.filter(project=project, kind=kind.name, day=day)
    before = files.first()
    with tempfile.TemporaryDirectory(prefix="observatory-archive-") as folder:
        path = Path(folder) / "day.parquet"
        fresh = _in_order(kind, _written(project.pk, kind, rows))
        if before is None:
            number = write_file(path, kind, fresh)
        else:
            with opened(before.name) as file:
                kept = _gone_from_database(project.pk, kind, read_file(file, names_of(kind)))
                number = write_file(path, kind, _merged(kind, fresh, kept))
        publish(project, kind.name, day, path, number, together=partial(files.update, is_open=True))


def _in_order(kind: Kind, rows: Iterable[Row]) -> Iterator[Row]:
    """Rows that come by time, by time and key: stores sort texts differently, Python does not."""
    order = _order_of(kind)
    for _, group in groupby(rows, key=itemgetter(0)):
        yield from sorted(group, key=order)


def _order_of(kind: Kind) -> Any:
    places = [names_of(kind).index(name) for name in kind.key]
    return lambda row: (row[0], *(row[place] for place in places))


def _merged(kind: Kind, fresh: Iterable[Row], kept: Iterable[Row]) -> Iterator[Row]:
    """Both in one order; of the same row the database's."""
    order = _order_of(kind)
    for _, group in groupby(heapq.merge(fresh, kept, key=order), key=order):
        yield next(group)


def _gone_from_database(project_id: int, kind: Kind, before: Iterator[Row]) -> Iterator[Row]:
    """The rows of an earlier file that the database no longer has: whatever it has it says anew, on this day or another.

    An interaction that was rebuilt of late spans alone is no version of the whole one that had gone before: both count.
    """
    names = names_of(kind)
    places = [names.index(name) for name in kind.key]
    while batch := list(islice(before, ROWS_AT_ONCE)):
        keys = [tuple(str(row[place]) for place in places) for row in batch]
        there = kind.versions(project_id, keys)
        for row, key in zip(batch, keys, strict=True):
            if key not in there or (kind.grows and row[names.index(kind.grows)] > there[key]):
                yield row


def _written(project_id: int, kind: Kind, rows: Iterator[Row]) -> Iterator[Row]:
    written, names = writer_of(kind), names_of(kind)
    places = [kind.columns.index(name) for name in names if name in kind.columns]
    texts = _Texts(kind) if kind.has_payload else None
    for row in rows:
        values = tuple(written(kind.columns[place], row[place]) for place in places)
        yield (*values, texts.of(row)) if texts else values


class _Texts:
    """The texts of rows, from the blocks that hold them; the last blocks are kept, since neighbours share them."""

    def __init__(self, kind: Kind):
        self.is_span = kind.model is Span
        self.block = kind.columns.index("payload_id")
        self.key = [kind.columns.index(name) for name in kind.key]
        self.kept: dict[int, dict[str, Any]] = {}

    def of(self, row: Row) -> str | None:
        if row[self.block] is None:
            return None
        content: Any = self._block(row[self.block])
        for place in self.key:
            content = content.get(str(row[place]) if self.is_span else row[place].hex, {})
        return orjson.dumps(content).decode() if content else None

    def _block(self, block_id: int) -> dict[str, Any]:
        if block_id not in self.kept:
            if len(self.kept) >= BLOCKS_KEPT:
                self.kept.pop(next(iter(self.kept)))
            self.kept[block_id] = contents_of([block_id]).get(block_id, {})
        return self.kept[block_id]
