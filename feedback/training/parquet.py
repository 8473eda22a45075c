"""An export as Parquet: texts and figures are columns, what is nested deeper is JSON."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from feedback.training.rows import ABOUT, PEOPLE, Row
from observatory.core.rendering import to_json

TEXTS = pa.list_(pa.string())
JSON_COLUMNS = ("review", "scores", "signals")
SCHEMA = pa.schema(
    [
        ("interaction_id", pa.string()),
        ("asked_at", pa.timestamp("us", tz="UTC")),
        ("question", pa.string()),
        ("passages", TEXTS),
        ("answer", pa.string()),
        ("reference", pa.string()),
        *((name, pa.string()) for name in ABOUT),
        ("confidence", pa.float64()),
        ("rating", pa.float64()),
        ("ratings", pa.int32()),
        ("thumbs_up", pa.int32()),
        ("thumbs_down", pa.int32()),
        ("comments", TEXTS),
        *((name, pa.string()) for name in JSON_COLUMNS),
        *((name, pa.string()) for name in PEOPLE),
    ]
)


def write_parquet(path: Path, found: Iterator[list[Row]]) -> None:
    """Columns that were not asked for are null."""
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for rows in found:
            if rows:
                writer.write_table(pa.Table.from_pylist([_flat(row) for row in rows], schema=SCHEMA))


def _flat(row: Row) -> dict[str, Any]:
    nested = {name: to_json(row[name]).decode() for name in JSON_COLUMNS if row.get(name) is not None}
    return {name: json.dumps(value) if isinstance(value, dict) else value for name, value in (row | nested).items()}
