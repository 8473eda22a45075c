"""The columns of the archive's files, from the models. Imports pyarrow: for the worker and commands only."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache, reduce
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import models

from interactions.raw_data.kinds import Kind

ROWS_A_GROUP = 5_000
COMPRESSION_LEVEL = 9
TEXTS = "texts"  # what the payload holds of a row, as JSON
LEFT_OUT = {"payload_id"}
TYPES: tuple[tuple[type[models.Field], pa.DataType], ...] = (
    (models.BooleanField, pa.bool_()),
    (models.DateTimeField, pa.timestamp("us", "UTC")),
    (models.DecimalField, pa.decimal128(20, 12)),
    (models.FloatField, pa.float64()),
    (models.IntegerField, pa.int64()),
)


def names_of(kind: Kind) -> tuple[str, ...]:
    """The columns of a file: those of the table, without the project and the block, with the texts themselves."""
    return (*(name for name in kind.columns if name not in LEFT_OUT), *([TEXTS] if kind.has_payload else []))


@cache
def schema_of(kind: Kind) -> pa.Schema:
    fields = {field.attname: field for field in kind.model._meta.concrete_fields}
    types = [(name, _type_of(fields[name]) if name in fields else pa.string()) for name in names_of(kind)]
    return pa.schema([pa.field(name, type_) for name, type_ in types])


def _type_of(field: models.Field) -> pa.DataType:
    return next((type_ for kind, type_ in TYPES if isinstance(field, kind)), pa.string())


def writer_of(kind: Kind) -> Callable[[str, Any], Any]:
    """A function from a value of a column to what the file holds: ids and JSON become texts."""
    fields = {field.attname: field for field in kind.model._meta.concrete_fields}
    as_json = {name for name, field in fields.items() if isinstance(field, models.JSONField)}
    as_text = {name for name, field in fields.items() if isinstance(field, models.UUIDField)}

    def written(name: str, value: Any) -> Any:
        if name in as_json:
            return orjson.dumps(value).decode()
        return str(value) if name in as_text and value is not None else value

    return written


def write_file(path: Path, kind: Kind, rows: Iterator[tuple[Any, ...]]) -> int:
    """Write rows of `names_of(kind)` to a Parquet file with zstd; return how many. The same rows give the same bytes."""
    schema, number = schema_of(kind), 0
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=COMPRESSION_LEVEL) as writer:
        group: list[tuple[Any, ...]] = []
        for row in rows:
            group.append(row)
            if len(group) == ROWS_A_GROUP:
                writer.write_table(_table(schema, group))
                number += len(group)
                group = []
        if group:
            writer.write_table(_table(schema, group))
            number += len(group)
    return number


def _table(schema: pa.Schema, rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    columns = zip(*rows, strict=True)
    return pa.Table.from_arrays(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )


def read_containing(file: Any, names: Sequence[str], column: str, texts: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a file whose `column` contains one of the texts; the others are never unpacked."""
    for batch in pq.ParquetFile(file).iter_batches(batch_size=ROWS_A_GROUP, columns=list(dict.fromkeys((*names, column)))):
        found = [pc.match_substring(batch.column(column), text) for text in texts]
        kept = batch.filter(reduce(pc.or_kleene, found))
        yield from zip(*(kept.column(name).to_pylist() for name in names), strict=True)


def read_file(file: Any, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a file, with these columns; None for a column that an older file has not."""
    source = pq.ParquetFile(file)
    known = set(source.schema_arrow.names)  # once: pyarrow makes the schema anew whenever it is asked
    there = [name for name in names if name in known]
    for batch in source.iter_batches(batch_size=ROWS_A_GROUP, columns=there):
        columns = {name: batch.column(name).to_pylist() for name in there}
        yield from zip(*(columns.get(name, [None] * batch.num_rows) for name in names), strict=True)
