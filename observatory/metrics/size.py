"""How large the database is, table by table, how fast it grows, and when it will be full. All sizes are approximate."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, models

from observatory.metrics import timescale
from observatory.metrics.models import SizeSample

WHOLE = ""  # the table of a sample of the whole database
SAMPLED_ROWS = 200
KEPT = timedelta(days=90)
LOOKED_BACK = timedelta(days=30)
PAGE_OVERHEAD = 12  # bytes of a row beside its columns, in either store


@dataclass(frozen=True, slots=True)
class TableSize:
    """`size_bytes` with indexes."""

    table: str
    rows: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """`bytes_a_day` and `days_left` are None where there is no answer; `reason` says why."""

    size_bytes: int
    room_bytes: int
    bytes_a_day: float | None = None
    days_left: float | None = None
    reason: str = ""


def database_bytes() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute(
                "SELECT (page_count - freelist_count) * page_size "
                "FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
            )
        return int(cursor.fetchone()[0])


def table_sizes() -> dict[str, TableSize]:
    """Return the size of each table of ours, the largest first. Takes milliseconds: statistics and samples, no scan."""
    found = _postgresql_sizes() if connection.vendor == "postgresql" else _sqlite_sizes()
    return {one.table: one for one in sorted(found, key=lambda one: (-one.size_bytes, one.table))}


def _postgresql_sizes() -> list[TableSize]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, GREATEST(c.reltuples, 0)::bigint, pg_total_relation_size(c.oid), "
            "COALESCE(s.n_live_tup, 0) FROM pg_class c LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid "
            "WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace"
        )
        plain = [TableSize(name, max(int(rows), int(live)), int(size)) for name, rows, size, live in cursor.fetchall()]
    chunked = timescale.chunk_sizes()
    inside = [TableSize(one.table, one.rows, one.size_bytes) for one in chunked.values()]
    return [one for one in plain if one.table not in chunked] + inside


def _sqlite_sizes() -> list[TableSize]:
    """SQLite keeps no sizes: rows are counted by their ids and weighed by a sample, in shares of the file."""
    weighed = [(model._meta.db_table, *_weigh(model)) for model in apps.get_models() if model._meta.managed]
    total = sum(rows * each for _, rows, each in weighed) or 1.0
    whole = database_bytes()
    return [TableSize(table, rows, round(whole * rows * each / total)) for table, rows, each in weighed]


def _weigh(model: type[models.Model]) -> tuple[int, float]:
    table = connection.ops.quote_name(model._meta.db_table)
    columns = [connection.ops.quote_name(field.column) for field in model._meta.concrete_fields]
    length = " + ".join(f"COALESCE(LENGTH(CAST({column} AS BLOB)), 0)" for column in columns)
    with connection.cursor() as cursor:
        # Two statements in one: SQLite looks up a single extreme, and scans the table for both.
        cursor.execute(f"SELECT (SELECT MIN(rowid) FROM {table}), (SELECT MAX(rowid) FROM {table})")  # noqa: S608
        first, last = cursor.fetchone()
        if last is None:
            return 0, 0.0
        sample = f"SELECT {length} AS size FROM {table} ORDER BY rowid DESC LIMIT {SAMPLED_ROWS}"  # noqa: S608
        cursor.execute(f"SELECT AVG(size) FROM ({sample})")  # noqa: S608
        average = cursor.fetchone()[0]
    indexes = len(model._meta.indexes) + len(model._meta.constraints) + 1
    return last - first + 1, average + PAGE_OVERHEAD * (1 + indexes)


def sample(*, now: datetime) -> None:
    """Note the sizes of today, in place of those noted earlier today, and forget those of long ago."""
    day = now.astimezone(UTC).date()
    rows = [SizeSample(day=day, table=one.table, size_bytes=one.size_bytes) for one in table_sizes().values()]
    rows.append(SizeSample(day=day, table=WHOLE, size_bytes=database_bytes()))
    SizeSample.objects.bulk_create(rows, update_conflicts=True, unique_fields=["day", "table"], update_fields=["size_bytes"])
    SizeSample.objects.filter(day__lt=day - KEPT).delete()


def forecast(*, now: datetime, table: str = WHOLE, limit_bytes: int | None = None) -> Forecast:
    """Return the growth by the day over the last month, and the days until `limit_bytes`, or the disk, is reached."""
    size = database_bytes() if table == WHOLE else table_sizes()[table].size_bytes
    room = free_bytes() if limit_bytes is None else limit_bytes - size
    today = now.astimezone(UTC).date()
    samples = SizeSample.objects.filter(table=table, day__gte=today - LOOKED_BACK, day__lt=today).order_by("day")
    first = samples.first()
    if first is None:
        return Forecast(size, room, reason="Growth is known after the first day.")
    growth = (size - first.size_bytes) / (today - first.day).days
    if growth <= 0:
        return Forecast(size, room, growth, reason="It does not grow.")
    return Forecast(size, room, growth, max(0.0, room / growth))


def free_bytes() -> int:
    """The room on the disk of the data folder; for a server elsewhere, that of its own disk is not known here."""
    return shutil.disk_usage(Path(settings.DATA_DIR)).free
