"""A file into a project: rows to native objects, and from there the way of the API, in batches."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from interactions.digest.run import digest_until_empty
from interactions.ingest.files.containers import json_rows
from interactions.ingest.files.formats import FORMATS, HEAD_BYTES, UnreadableFileError, guess_format, is_json
from interactions.ingest.files.lines import count_lines, read_lines
from interactions.ingest.files.row import FileFormat, Row, row_id
from interactions.ingest.files.tables import table_rows
from interactions.ingest.files.times import Times
from interactions.ingest.native.batch import parse_all
from interactions.ingest.native.interaction import parse_interaction
from interactions.ingest.native.reader import EPOCH
from interactions.ingest.plan import Outcome
from interactions.ingest.records import InteractionRecord, Refusal
from interactions.ingest.store import store
from observatory.core.errors import ApiError

BATCH_ROWS = 1_000
BATCH_BYTES = 16 * 1024 * 1024
MAX_REASONS = 20
CONFLICT = Refusal(0, "conflict", "Another body is stored under this id; a stored record never changes.")

Progress = Callable[[int, "Report"], None]


@dataclass
class Report:
    """What became of the rows. `reasons`: the first ones why rows were rejected; `days` of those stored, in UTC."""

    format: str
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, "Rejected"] = field(default_factory=dict)
    days: Counter[date] = field(default_factory=Counter)

    def reject(self, line: int, refusal: Refusal) -> None:
        self.rejected[refusal.code] += 1
        where = f" ({refusal.field})" if refusal.field else ""
        reason = f"{refusal.code}{where}: {refusal.reason}"
        if reason in self.reasons or len(self.reasons) < MAX_REASONS:
            self.reasons.setdefault(reason, Rejected(line)).rows += 1

    @property
    def has_read_nothing(self) -> bool:
        """Whether there were rows, and not one of them was a record."""
        return bool(self.rejected) and not self.outcomes


@dataclass
class Rejected:
    """Rows that were rejected for one reason; `line` is that of the first."""

    line: int
    rows: int = 0


def import_file(
    path: Path,
    *,
    project_id: int,
    format_name: str | None,
    start: datetime | None,
    now: datetime,
    progress: Progress = lambda size, report: None,
) -> Report:
    """Store and digest every record of the file and say what became of each.

    `progress` is told after each batch how many bytes it had. Raises UnreadableFileError if the file is of no use.
    """
    with _open(path) as file:
        head = file.read(HEAD_BYTES)
        if not head.strip():
            raise UnreadableFileError(f"{path} is empty.")
        chosen = FORMATS[format_name] if format_name else guess_format(path, head)
        file.seek(0)
        times = Times(start=start, now=now, rows=count_lines(file))
        report, place = Report(chosen.name), 0
        for batch in _batches(_rows(path, file, head, chosen)):
            _store(batch, place, report=report, project_id=project_id, times=times, now=now)
            digest_until_empty()
            place += len(batch)
            progress(sum(row.size for row in batch), report)
        return report


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise UnreadableFileError(f"{path} cannot be read: {error.strerror}.") from None


def _rows(path: Path, file: BinaryIO, head: bytes, chosen: FileFormat) -> Iterator[Row]:
    limit = settings.OBSERVATORY["OBSERVATORY_MAX_BODY_BYTES"]
    read = json_rows if is_json(path, head) else table_rows
    try:
        for row in read(read_lines(file, limit), limit):
            yield _converted(row, chosen)
    except ApiError as error:  # rows carry their own; this is the header's
        raise UnreadableFileError(f"{path} has no readable header: {error.reason}") from None


def _converted(row: Row, chosen: FileFormat) -> Row:
    if row.problem is None:
        try:
            body = chosen.convert(row.body)
            if not body.get("id") and not body.get("interaction_id"):
                body["id"] = row_id(chosen.name, row)
            row.body = body
        except ApiError as error:
            row.problem = error
    return row


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += row.size
        if len(batch) >= BATCH_ROWS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _store(batch: list[Row], place: int, *, report: Report, project_id: int, times: Times, now: datetime) -> None:
    problems = [(index, row.problem) for index, row in enumerate(batch) if row.problem]
    refusals = [Refusal(index, problem.code, problem.reason, problem.field) for index, problem in problems]
    good = [(index, row) for index, row in enumerate(batch) if not row.problem]
    placed, unparsed = parse_all([row.body for _, row in good], parse_interaction, now=now)
    refusals += [Refusal(good[one.index][0], one.code, one.reason, one.field) for one in unparsed]
    lines, records = [], []
    for among_good, record in placed:
        assert isinstance(record, InteractionRecord)
        index, row = good[among_good]
        has_time = any(row.body.get(name) is not None for name in ("asked_at", "timestamp"))
        try:
            times.set(record, place=place + index, has_time=has_time)
        except ApiError as error:
            refusals.append(Refusal(index, error.code, error.reason, error.field))
            continue
        lines.append(row.line)
        records.append(record)
    outcomes = store(project_id=project_id, signal="import", now=now, records=records, refusals=refusals)
    for line, record, outcome in zip(lines, records, outcomes, strict=True):
        report.outcomes[outcome] += 1
        if outcome is Outcome.STORED:
            report.days[(EPOCH + timedelta(microseconds=record.asked_us)).date()] += 1
        if outcome is Outcome.CONFLICT:
            report.reject(line, CONFLICT)
    for refusal in sorted(refusals, key=lambda one: one.index):
        report.reject(batch[refusal.index].line, refusal)
