"""Panels as CSV, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from observatory.charts.chart import Chart, Datum
from observatory.core.csv_cells import cell
from reports.panels.content import Content, Table, Tile

Value = str | float | int | None
Row = Sequence[Value]


def as_csv(rows: Iterable[Row]) -> str:
    """Rows as text. Numbers stay numbers; a text that a spreadsheet would run is led by an apostrophe."""
    text = io.StringIO()
    csv.writer(text).writerows([cell(value) for value in row] for row in rows)
    return text.getvalue()


def rows_of(content: Content) -> Iterator[Row]:
    """What a panel shows, as one table with a head; several parts are parted by an empty row."""
    parts = []
    if content.tiles:
        parts.append(_tiles(content.tiles))
    if content.chart:
        parts.append(_chart(content.chart))
    if content.table:
        parts.append(_table(content.table))
    if not parts:
        parts.append([["reason"], [content.reason or content.words]])
    for place, part in enumerate(parts):
        if place:
            yield []
        yield from part


def _tiles(tiles: Sequence[Tile]) -> list[Row]:
    head = ["figure", "value", "n", "change", "interval of 95 %", "note", "reason"]
    return [
        head,
        *(
            [tile.name, tile.value, tile.n, tile.change.words if tile.change else "", tile.interval, tile.note, tile.reason]
            for tile in tiles
        ),
    ]


def _chart(chart: Chart) -> list[Row]:
    """A row a mark: where or when (exact, in ISO 8601), which, how much as a number and in words with its unit, and n."""
    columns = {"name": chart.heads[1].lower(), "v": "value", "said": "in words", "n": "n"}
    kept = {key: title for key, title in columns.items() if any(row.get(key) not in (None, "") for row in chart.rows)}
    return [
        [chart.heads[0].lower(), *kept.values()],
        *([_place(row), *(row.get(key) for key in kept)] for row in chart.rows),
    ]


def _place(row: Datum) -> str:
    return datetime.fromtimestamp(row["t"] / 1_000, UTC).isoformat() if "t" in row else str(row["at"])


def _table(table: Table) -> list[Row]:
    return [[column.name for column in table.columns], *([one.words for one in row] for row in table.rows)]
