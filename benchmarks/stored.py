"""What lies in the store: counts, sizes, and the same rows written again by the bare driver."""

import contextlib
import io
import sqlite3
import time
from dataclasses import dataclass
from typing import Any

from benchmarks.installation import FILE, Installation

SPANS, PAYLOADS, MARKS = "interactions_span", "interactions_payload", "interactions_staletrace"
TEXTS, USES = "interactions_sharedtext", "interactions_sharedtextuse"
BUCKET_MARKS = "metrics_stalebucket"


@dataclass
class Stored:
    installation: Installation

    def __post_init__(self) -> None:
        self.connection = self.installation.connect()
        self.is_sqlite = self.installation.store == "sqlite"

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        cursor = self.connection.cursor()
        cursor.execute(sql)
        return cursor.fetchall()

    def count(self, table: str) -> int:
        return self.rows(f"SELECT count(*) FROM {table}")[0][0]

    def version(self) -> str:
        name, sql = ("SQLite", "sqlite_version()") if self.is_sqlite else ("PostgreSQL", "current_setting('server_version')")
        return f"{name} {self.rows(f'SELECT {sql}')[0][0]}"

    def seconds_until_digested(self) -> float:
        """Wait until no stale trace is left."""
        return self._seconds_until_empty(MARKS)

    def seconds_until_rolled_up(self) -> float:
        """Wait until no stale bucket is left, of any level."""
        return self._seconds_until_empty(BUCKET_MARKS)

    def seconds_until_counted(self, spans: int) -> float:
        """Wait until the buckets know so many spans."""
        start = time.monotonic()
        while self.counted_by_metrics() < spans:
            time.sleep(0.05)
        return time.monotonic() - start

    def _seconds_until_empty(self, table: str) -> float:
        start = time.monotonic()
        while self.rows(f"SELECT EXISTS (SELECT 1 FROM {table})")[0][0]:
            time.sleep(0.05)
        return time.monotonic() - start

    def counted_by_metrics(self) -> int:
        """Spans that the buckets of the coarsest level know."""
        sql = "SELECT coalesce(sum(n), 0) FROM metrics_bucket30d JOIN metrics_series ON series_id = id WHERE metric = %s"
        return int(self.rows(sql.replace("%s", "'spans.duration'"))[0][0])

    def is_free(self) -> bool:
        """Whether no transaction is open: SQLite's would keep every other writer out."""
        if not self.is_sqlite:
            open_ones = "SELECT count(*) FROM pg_stat_activity WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid()"
            return self.rows(f"{open_ones} AND backend_type = 'client backend'")[0][0] == 0
        with contextlib.closing(sqlite3.connect(self.installation.folder / FILE, timeout=0, isolation_level=None)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return False
        return True

    def sizes(self) -> dict[str, int]:
        """Bytes on disk by table, indexes included: PostgreSQL after VACUUM, SQLite's file after a checkpoint."""
        if self.is_sqlite:
            self.rows("PRAGMA wal_checkpoint(TRUNCATE)")
            # Those of the build with dbstat by table; else the file without its free pages.
            try:
                return dict(self.rows("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))
            except sqlite3.OperationalError:
                pages, free, size = (
                    self.rows(f"PRAGMA {name}")[0][0] for name in ("page_count", "freelist_count", "page_size")
                )
                return {"file without free pages": (pages - free) * size}
        self.connection.cursor().execute("VACUUM ANALYZE")
        tables = "SELECT oid, relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'interactions_%'"
        return dict(
            self.rows(
                f"SELECT relname, pg_table_size(oid) FROM ({tables}) AS tables UNION ALL "
                "SELECT relname, pg_relation_size(pg_class.oid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid "
                f"WHERE indrelid IN (SELECT oid FROM ({tables}) AS tables)"
            )
        )

    def names_of_spans(self) -> set[str]:
        """The tables of spans and their texts, and their indexes."""
        tables = ", ".join(f"'{table}'" for table in (SPANS, PAYLOADS, TEXTS, USES))
        if self.is_sqlite:
            return {name for (name,) in self.rows(f"SELECT name FROM sqlite_master WHERE tbl_name IN ({tables})")}
        indexes = "SELECT indexrelid FROM pg_index JOIN pg_class ON oid = indrelid"
        found = self.rows(
            f"SELECT relname FROM pg_class WHERE relname IN ({tables}) OR oid IN ({indexes} WHERE relname IN ({tables}))"
        )
        return {name for (name,) in found}

    def raw_spans_per_second(self, batch: int, most: int) -> float:
        """Insert spans and payloads that are stored already into empty tables of the same layout, one commit a batch."""
        copies = {table: f"raw_{table}" for table in (SPANS, PAYLOADS)}
        write = self._executemany if self.is_sqlite else self._copy
        self._create(copies)
        spans, seconds = write(copies, batch, most)
        for copy in copies.values():
            self.connection.cursor().execute(f"DROP TABLE {copy}")
        return spans / seconds

    def _create(self, copies: dict[str, str]) -> None:
        cursor = self.connection.cursor()
        for table, copy in copies.items():
            cursor.execute(f"DROP TABLE IF EXISTS {copy}")
            if not self.is_sqlite:
                cursor.execute(f"CREATE TABLE {copy} (LIKE {table} INCLUDING ALL)")
                continue
            cursor.execute(
                "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type DESC", [table]
            )
            for (sql,) in cursor.fetchall():
                cursor.execute(sql.replace(table, copy).replace('INDEX "', 'INDEX "raw_'))

    def _copy(self, copies: dict[str, str], batch: int, most: int) -> tuple[int, float]:
        cursor = self.connection.cursor()
        lines = {}
        for table, order in ((SPANS, "payload_id"), (PAYLOADS, "id")):
            text = io.StringIO()
            cursor.copy_expert(f"COPY (SELECT * FROM {table} ORDER BY {order} LIMIT {most}) TO STDOUT", text)
            lines[table] = text.getvalue().splitlines(keepends=True)
        spans = len(lines[SPANS])
        lines[PAYLOADS] = lines[PAYLOADS][: spans // 4]
        start = time.perf_counter()
        for place in range(0, spans, batch):
            cursor.execute("BEGIN")
            for table, share in ((SPANS, 1), (PAYLOADS, 4)):
                text = "".join(lines[table][place // share : (place + batch) // share])
                cursor.copy_expert(f"COPY {copies[table]} FROM STDIN", io.StringIO(text))
            cursor.execute("COMMIT")
        return spans, time.perf_counter() - start

    def _executemany(self, copies: dict[str, str], batch: int, most: int) -> tuple[int, float]:
        cursor = self.connection.cursor()
        spans = self.rows(f"SELECT * FROM {SPANS} ORDER BY payload_id LIMIT {most}")
        rows = {SPANS: spans, PAYLOADS: self.rows(f"SELECT * FROM {PAYLOADS} ORDER BY id LIMIT {len(spans) // 4}")}
        inserts = {
            table: f"INSERT INTO {copies[table]} VALUES ({', '.join('?' * len(found[0]))})" for table, found in rows.items()
        }
        start = time.perf_counter()
        for place in range(0, len(spans), batch):
            cursor.execute("BEGIN IMMEDIATE")
            for table, share in ((SPANS, 1), (PAYLOADS, 4)):
                cursor.executemany(inserts[table], rows[table][place // share : (place + batch) // share])
            cursor.execute("COMMIT")
        return len(spans), time.perf_counter() - start
