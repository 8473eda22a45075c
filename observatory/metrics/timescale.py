"""TimescaleDB, where the database has it: buckets and samples lie in chunks of time, compressed, and dropped whole.

`set_up` decides at each `migrate`. Without the extension every question here has the answer of a plain table.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction

from observatory.metrics.levels import DAY_S, LEVELS, Level
from observatory.metrics.models import Sample

# Before 2.13 there are no dimensions by `by_range`, and before 2.11 compressed rows cannot be changed.
OLDEST_VERSION = (2, 13)
UNIX_NOW = "observatory_unix_now"


@dataclass(frozen=True, slots=True)
class Chunked:
    """A table that is cut by its column `time` into chunks of `chunk_s`; they are compressed when they are twice as old."""

    model: type[models.Model]
    time: str
    chunk_s: int
    segment_by: str
    order_by: str

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def is_in_unix_seconds(self) -> bool:
        return isinstance(self.model._meta.get_field(self.time), models.BigIntegerField)


@dataclass(frozen=True, slots=True)
class Extension:
    version: str
    license: str

    @property
    def is_new_enough(self) -> bool:
        major, minor = self.version.split(".")[:2]
        return (int(major), int(minor)) >= OLDEST_VERSION

    @property
    def compresses(self) -> bool:
        """The Apache edition has hypertables and drops chunks, but compresses nothing."""
        return self.license == "timescale"


@dataclass(frozen=True, slots=True)
class ChunkSizes:
    """Bytes with indexes; `before_bytes` and `after_bytes` are of the compressed chunks. `rows` is an estimate."""

    table: str
    rows: int
    chunks: int
    compressed: int
    size_bytes: int
    before_bytes: int
    after_bytes: int


# A chunk is whole buckets of the next level. The last level has twelve rows a year and stays a plain table.
CHUNK_S = {"1m": DAY_S, "5m": 5 * DAY_S, "1h": 7 * DAY_S, "1d": 30 * DAY_S}
SAMPLES = Chunked(Sample, "at", DAY_S, "project_id, metric", "at, id")
CHUNKED = (
    *(Chunked(level.model, "start", CHUNK_S[level.name], "series_id", "start, is_sealed") for level in LEVELS[:-1]),
    SAMPLES,
)


def extension() -> Extension | None:
    """The extension as it was created in this database, or None."""
    if connection.vendor != "postgresql":
        return None
    rows = _rows(
        "SELECT extversion, current_setting('timescaledb.license', true) FROM pg_extension WHERE extname = 'timescaledb'"
    )
    return Extension(rows[0][0], rows[0][1] or "") if rows else None


def hypertables() -> dict[str, bool]:
    """The names of our hypertables, and whether they are compressed. An extension that is too old has none of ours."""
    found = extension()
    if found is None or not found.is_new_enough:
        return {}
    return dict(
        _rows(
            "SELECT hypertable_name, compression_enabled FROM timescaledb_information.hypertables "
            "WHERE hypertable_schema = current_schema()"
        )
    )


def chunk_sizes() -> dict[str, ChunkSizes]:
    """The sizes of our hypertables, by their names."""
    found = {}
    for table in sorted(hypertables()):
        rows, size = _rows(
            "SELECT approximate_row_count(%s::regclass), COALESCE(hypertable_size(%s::regclass), 0)", [table, table]
        )[0]
        chunks, compressed, before, after = _rows(
            "SELECT (SELECT count(*) FROM show_chunks(%s::regclass)), count(after_compression_total_bytes), "
            "COALESCE(sum(before_compression_total_bytes), 0), COALESCE(sum(after_compression_total_bytes), 0) "
            "FROM chunk_compression_stats(%s::regclass)",
            [table, table],
        )[0]
        found[table] = ChunkSizes(table, int(rows), chunks, compressed, int(size), int(before), int(after))
    return found


def set_up(**signal: Any) -> None:
    """Make hypertables of our tables and compress them, as far as the extension can. Repeated, it changes nothing."""
    found = extension()
    if found is None or not found.is_new_enough:
        return
    existing, done = set(connection.introspection.table_names()), hypertables()
    tables = [one for one in CHUNKED if one.table in existing]
    with transaction.atomic(), connection.cursor() as cursor:
        # Rows that are there already move into chunks, which may take minutes.
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {UNIX_NOW}() RETURNS bigint LANGUAGE sql STABLE "  # noqa: S608  (names of our own)
            "AS 'SELECT extract(epoch FROM now())::bigint'"
        )
        for one in tables:
            if one.table not in done:
                _make_hypertable(cursor, one)
            if found.compresses and not done.get(one.table):
                _compress(cursor, one)


def chunks_before(level: Level, until: int) -> list[tuple[int, int]]:
    """The chunks [start, end) of a level that lie wholly before `until`, the oldest first; none of a plain table."""
    if level.model._meta.db_table not in hypertables():
        return []
    return _rows(
        "SELECT range_start_integer, range_end_integer FROM timescaledb_information.chunks "
        "WHERE hypertable_schema = current_schema() AND hypertable_name = %s AND range_end_integer <= %s ORDER BY 1",
        [level.model._meta.db_table, until],
    )


def whole_chunks(level: Level, until: int) -> int:
    """Up to where rows may go so that only whole chunks go; `until` itself for a plain table."""
    if level.model._meta.db_table not in hypertables():
        return until
    return until // CHUNK_S[level.name] * CHUNK_S[level.name]


def drop_before(level: Level, until: int) -> None:
    """Drop the chunks of a level that lie wholly before `until`, with their rows."""
    # A chunk with rows whose foreign keys are checked at the commit cannot be dropped before it.
    connection.check_constraints()
    _rows("SELECT drop_chunks(%s, older_than => %s::bigint)", [level.model._meta.db_table, until])


def drop_empty(one: Chunked) -> int:
    """Drop the oldest chunks of a table from which all rows were deleted; return how many."""
    if one.table not in hypertables():
        return 0
    chunks = _rows(
        "SELECT format('%%I.%%I', chunk_schema, chunk_name), range_end FROM timescaledb_information.chunks "
        "WHERE hypertable_schema = current_schema() AND hypertable_name = %s ORDER BY range_end",
        [one.table],
    )
    for done, (chunk, end) in enumerate(chunks[:-1]):
        with transaction.atomic():
            # Nobody writes a late row between the look and the drop.
            _run(f"LOCK TABLE {chunk} IN SHARE ROW EXCLUSIVE MODE")
            if _rows(f"SELECT 1 FROM {chunk} LIMIT 1"):  # noqa: S608  (quoted by the server)
                return done
            connection.check_constraints()
            _rows("SELECT drop_chunks(%s, older_than => %s::timestamptz)", [one.table, end])
    return max(0, len(chunks) - 1)


def _make_hypertable(cursor: Any, one: Chunked) -> None:
    chunk = f"{one.chunk_s}" if one.is_in_unix_seconds else f"INTERVAL '{one.chunk_s} seconds'"
    if not one.is_in_unix_seconds:
        # A unique constraint of a hypertable has to contain the time. Ids stay unique: they come from a sequence.
        cursor.execute(f"ALTER TABLE {one.table} DROP CONSTRAINT {one.table}_pkey, ADD PRIMARY KEY (id, {one.time})")
    cursor.execute(
        f"SELECT create_hypertable('{one.table}', by_range('{one.time}', {chunk}), "
        "migrate_data => true, create_default_indexes => false)"
    )
    if one.is_in_unix_seconds:
        cursor.execute("SELECT set_integer_now_func(%s, %s)", [one.table, UNIX_NOW])


def _compress(cursor: Any, one: Chunked) -> None:
    after = f"{2 * one.chunk_s}::bigint" if one.is_in_unix_seconds else f"INTERVAL '{2 * one.chunk_s} seconds'"
    cursor.execute(
        f"ALTER TABLE {one.table} SET (timescaledb.compress, timescaledb.compress_segmentby = '{one.segment_by}', "
        f"timescaledb.compress_orderby = '{one.order_by}')"
    )
    cursor.execute(f"SELECT add_compression_policy('{one.table}', compress_after => {after}, if_not_exists => true)")


def _rows(sql: str, values: list[Any] | None = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
