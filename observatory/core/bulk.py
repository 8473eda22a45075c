"""Many rows into one table: COPY on PostgreSQL, executemany on SQLite, behind one function."""

import io
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection, models

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  (naive on purpose: both stores are told, and keep, UTC)
REMEMBERED_SECONDS = 4_096
COPY_FROM_ROWS = 8  # below it, one INSERT with several rows is quicker than starting a COPY

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def insert(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows of database values (bytes, str, numbers, bool, None; times by `database_time`) in `columns` order.

    One conflict with a unique constraint raises IntegrityError and leaves the transaction to be rolled back.
    """
    if not rows:
        return
    into = f"{model._meta.db_table} ({', '.join(columns)})"
    one = f"({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.executemany(f"INSERT INTO {into} VALUES {one}", rows)  # noqa: S608
        elif len(rows) < COPY_FROM_ROWS:
            values = [value for row in rows for value in row]
            cursor.execute(f"INSERT INTO {into} VALUES {', '.join([one] * len(rows))}", values)  # noqa: S608
        else:
            # Django's cursor does not translate the errors of this method by itself.
            with connection.wrap_database_errors:
                cursor.copy_expert(f"COPY {into} FROM STDIN", io.StringIO(copy_text(rows)))


def copy_text(rows: Sequence[Sequence[Any]]) -> str:
    """Return the rows in the text format of COPY."""
    text_of = _TEXTS.get
    lines = ["\t".join([text_of(type(value), str)(value) for value in row]) for row in rows]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    # Four searches cost a fraction of one translation, and nearly never find anything.
    if "\\" in text or "\n" in text or "\t" in text or "\r" in text:
        return text.translate(_ESCAPES)
    return text


_TEXTS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "\\N",
    bool: lambda value: "t" if value else "f",
    bytes: lambda value: "\\\\x" + value.hex(),
    str: _escaped,
}


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


def database_time(microseconds: int) -> str:
    """Return a moment as the text that Django writes: naive, in UTC, without a fraction that is zero."""
    seconds, rest = divmod(microseconds, 1_000_000)
    return f"{_second(seconds)}.{rest:06d}" if rest else _second(seconds)


@lru_cache(maxsize=REMEMBERED_SECONDS)
def _second(seconds: int) -> str:
    return (EPOCH + timedelta(seconds=seconds)).isoformat(sep=" ")


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
