"""Many rows into one table: COPY on PostgreSQL, executemany on SQLite, behind one function."""

import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  (naive on purpose: the text carries the zone)
COPY_FROM_ROWS = 8  # below it, one INSERT with several rows is quicker than starting a COPY

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def insert(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows of database values (bytes, str, numbers, bool, None; times by `database_time`) in `columns` order.

    One conflict with a unique constraint raises IntegrityError and leaves the transaction to be rolled back.
    """
    if not rows:
        return
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) >= COPY_FROM_ROWS:
            text = "".join(["\t".join([_copy_text(value) for value in row]) + "\n" for row in rows])
            # Django's cursor does not translate the errors of this method by itself.
            with connection.wrap_database_errors:
                cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", io.StringIO(text))
            return
        one = f"({', '.join(['%s'] * len(columns))})"
        if connection.vendor == "postgresql":
            sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([one] * len(rows))}"  # noqa: S608
            cursor.execute(sql, [value for row in rows for value in row])
        else:
            sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {one}"  # noqa: S608
            cursor.executemany(sql, rows)


def upsert(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    unique: Sequence[str],
    replaced: Sequence[str],
    returning: Sequence[str],
) -> list[tuple[Any, ...]]:
    """Insert rows, or replace columns of those that are there by `unique`; return some columns of each, in no order."""
    marks = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * len(rows))
    new = ", ".join(f"{name} = excluded.{name}" for name in replaced)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES {marks} "  # noqa: S608
            f"ON CONFLICT ({', '.join(unique)}) DO UPDATE SET {new} RETURNING {', '.join(returning)}",
            [value for row in rows for value in row],
        )
        return cursor.fetchall()


def _copy_text(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES) if not value.isalnum() else value
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    if value is True:
        return "t"
    if value is False:
        return "f"
    return str(value)


def database_time(microseconds: int) -> str:
    """Return a moment as the text that the store compares and orders by (SQLite's is Django's own: naive UTC)."""
    moment = EPOCH + timedelta(microseconds=microseconds)
    return moment.isoformat(sep=" ") + ("+00" if connection.vendor == "postgresql" else "")


def next_ids(model: type[models.Model], count: int) -> list[int]:
    """Return `count` new primary keys, inside the transaction that uses them."""
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
            return [row[0] for row in cursor.fetchall()]
        # The transaction holds SQLite's only write lock; sqlite_sequence remembers ids of deleted rows.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        first = (row[0] if row else 0) + 1
        return list(range(first, first + count))
