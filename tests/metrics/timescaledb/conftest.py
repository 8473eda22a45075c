"""What only TimescaleDB does: `pytest --store timescaledb`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if config.getoption("--store") != "timescaledb" else None


@pytest.fixture
def ask(db: None) -> Callable[..., list[Any]]:
    """Run a statement and return its rows."""
    from django.db import connection

    def ask(sql: str, *values: Any) -> list[Any]:
        connection.check_constraints()  # what waits for the end of the test's transaction would hold the chunks
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    return ask


@pytest.fixture
def compress(ask: Callable[..., list[Any]]) -> Callable[[str], int]:
    """Compress every chunk of a table, as the extension's job does with the old ones; return how many there are."""

    def compress(table: str) -> int:
        return len(ask("SELECT compress_chunk(one, if_not_compressed => true) FROM show_chunks(%s::regclass) one", table))

    return compress


@pytest.fixture
def narrow_times(ask: Callable[..., list[Any]]) -> None:
    """Buckets whose times have 4 bytes.

    The server of these tests has 32 bits, and there TimescaleDB 2.23 finds no compressed row by a number of 8 bytes.
    """
    from django.db import connection

    from observatory.metrics import timescale

    for one in timescale.CHUNKED:
        if not one.is_in_unix_seconds:
            continue
        with connection.schema_editor() as editor:
            editor.execute(f"DROP TABLE {one.table}")
            editor.create_model(one.model)
        ask(f"ALTER TABLE {one.table} ALTER start TYPE integer")
        ask(f"SELECT create_hypertable('{one.table}', by_range('start', {one.chunk_s}::bigint))")
        ask(
            f"ALTER TABLE {one.table} SET (timescaledb.compress, timescaledb.compress_segmentby = '{one.segment_by}', "
            f"timescaledb.compress_orderby = '{one.order_by}')"
        )
