"""What the database is, and what of TimescaleDB is in use: the answer of `manage.py check_store`."""

import sqlite3
from dataclasses import dataclass

from django.db import connection

from observatory.core import formats
from observatory.metrics import size, timescale

HOW_TO = "docs/how-to/timescaledb.md"
BY_ROWS = "Old buckets are deleted row by row, and nothing is compressed"


@dataclass(frozen=True, slots=True)
class StoreReport:
    """`lines` for people; `to_do` is what an operator has to run, or empty."""

    lines: list[str]
    to_do: str = ""


def report() -> StoreReport:
    if connection.vendor != "postgresql":
        lines = [_line("Store", f"SQLite {sqlite3.sqlite_version}, {connection.settings_dict['NAME']}"), _size()]
        return StoreReport([*lines, _line("TimescaleDB", f"not on SQLite. {BY_ROWS}.")])
    lines = [_line("Store", f"PostgreSQL {_server_version()}, database {connection.settings_dict['NAME']}"), _size()]
    extension = timescale.extension()
    if extension is None:
        return StoreReport([*lines, _line("TimescaleDB", f"not in this database. {BY_ROWS}."), f"To change that: {HOW_TO}"])
    if not extension.is_new_enough:
        oldest = ".".join(map(str, timescale.OLDEST_VERSION))
        return StoreReport([*lines, _line("TimescaleDB", f"{extension.version} is older than {oldest}. {BY_ROWS}.")])
    lines.append(_line("TimescaleDB", f"{extension.version}, license {extension.license}: {_means(extension)}"))
    tables = timescale.chunk_sizes()
    missing = [one.table for one in timescale.CHUNKED if one.table not in tables]
    head = f"{'table':<20}{'rows ~':>12}{'chunks':>8}{'compressed':>12}{'size':>12}   compressed from"
    lines += ["", head, *map(_row, tables.values())]
    to_do = f"Still plain tables: {', '.join(missing)}. Run manage.py migrate." if missing else ""
    return StoreReport(lines, to_do)


def _means(extension: timescale.Extension) -> str:
    if extension.compresses:
        return "old buckets go by chunks, and older chunks are compressed"
    return "old buckets go by chunks; this edition compresses nothing"


def _row(one: timescale.ChunkSizes) -> str:
    ratio = f"{formats.size(one.before_bytes)} to {formats.size(one.after_bytes)}" if one.compressed else "-"
    return f"{one.table:<20}{one.rows:>12}{one.chunks:>8}{one.compressed:>12}{formats.size(one.size_bytes):>12}   {ratio}"


def _line(name: str, text: str) -> str:
    return f"{name:<13}{text}"


def _size() -> str:
    return _line("Size", formats.size(size.database_bytes()))


def _server_version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])
