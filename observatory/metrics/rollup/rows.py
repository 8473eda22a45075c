"""Rows of buckets: read as summaries, replaced where they differ."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model

from observatory.core import bulk
from observatory.metrics.levels import Level
from observatory.stats.packing import pack, unpack
from observatory.stats.summary import Summary, merge

NUMBERS = ("n", "total", "squares", "minimum", "maximum", "last", "last_at")
COLUMNS = ("series_id", "start", "is_sealed", *NUMBERS, "packed")
PLACE, WITHIN = ("series_id", "start"), "start >= %s AND start < %s"
SUMS = ("CAST(SUM(n) AS bigint)", "SUM(total)", "SUM(squares)", "MIN(minimum)", "MAX(maximum)")
Place = tuple[int, int]


def row_of(series_id: int, start: int, summary: Summary, *, is_sealed: bool = False) -> tuple[Any, ...]:
    return (series_id, start, is_sealed, *(getattr(summary, name) for name in NUMBERS), pack(summary))


def summary_of_row(numbers: Iterable[Any], packed: bytes | memoryview | None) -> Summary:
    return Summary(*numbers, **unpack(packed))


def read(level: Level, series_ids: Collection[int], start: int, end: int) -> dict[Place, Summary]:
    """Return the summaries of the buckets that start in [start, end), sealed and later ones together."""
    found: dict[Place, list[Summary]] = defaultdict(list)
    for series_id, begin, *numbers, packed in select(
        level.model, (*PLACE, *NUMBERS, "packed"), series_ids, WITHIN, (start, end)
    ):
        found[series_id, begin].append(summary_of_row(numbers, packed))
    return {place: parts[0] if len(parts) == 1 else merge(parts) for place, parts in found.items()}


def read_plain(level: Level, series_ids: Collection[int], start: int, end: int) -> Iterator[tuple[Place, Summary]]:
    """As `read`, without bins, bounds and hashes, which are then not looked at; a bucket may come in two parts."""
    for series_id, begin, *numbers in select(level.model, (*PLACE, *NUMBERS), series_ids, WITHIN, (start, end)):
        yield (series_id, begin), Summary(*numbers)


def add_up(level: Level, series_ids: Collection[int], start: int, end: int) -> list[tuple[int, Summary]]:
    """As `read_plain`, added up by the store: one for each series, without the last value."""
    rows = select(level.model, ("series_id", *SUMS), series_ids, f"{WITHIN} GROUP BY series_id", (start, end))
    return [(series_id, Summary(*numbers)) for series_id, *numbers in rows]


def replace(level: Level, series_ids: Collection[int], starts: Collection[int], new: Mapping[Place, Summary]) -> set[int]:
    """Make the unsealed buckets of these series and starts what `new` says; return the starts where any changed."""
    rows = {place: row_of(*place, summary) for place, summary in new.items() if summary.n}
    within, values = _within(level, starts)
    there = {
        (row[0], row[1]): (*row[:-1], None if row[-1] is None else bytes(row[-1]))
        for row in select(level.model, COLUMNS, series_ids, f"NOT is_sealed AND {within}", values)
    }
    outdated = sorted(place for place, row in there.items() if rows.get(place) != row)
    fresh = [row for place, row in sorted(rows.items()) if there.get(place) != row]
    delete(level, outdated)
    bulk.insert(level.model, COLUMNS, fresh)
    return {start for _, start in outdated} | {row[1] for row in fresh}


def select(
    model: type[Model],
    columns: Sequence[str],
    series_ids: Collection[int],
    where: str = "TRUE",
    values: Sequence[int] = (),
) -> list[tuple[Any, ...]]:
    """Read in SQL's own words: a roll-up asks dozens of times, and Django takes ten times as long to word it as it takes."""
    if not series_ids:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(columns)} FROM {table} WHERE series_id IN ({_marks(series_ids)}) AND {where}",  # noqa: S608
            [*series_ids, *values],
        )
        return cursor.fetchall()


def _within(level: Level, starts: Collection[int]) -> tuple[str, list[int]]:
    """The condition that names these starts: neighbours as a range, for two lists in one index are many look-ups."""
    first, last = min(starts), max(starts)
    if last - first == (len(set(starts)) - 1) * level.seconds:
        return "start BETWEEN %s AND %s", [first, last]
    return f"start IN ({_marks(starts)})", list(starts)


def _marks(values: Collection[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def delete(level: Level, places: Sequence[Place], *, with_sealed: bool = False) -> None:
    """Delete the unsealed buckets, or all, of these places."""
    if not places:
        return
    table, sort = level.model._meta.db_table, "" if with_sealed else "AND NOT is_sealed"
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            gone = f"DELETE FROM {table} WHERE series_id = %s AND start = %s {sort}"  # noqa: S608
            cursor.executemany(gone, places)
            return
        ids, starts = zip(*places, strict=True)
        cursor.execute(
            f"DELETE FROM {table} AS old USING unnest(%s::bigint[], %s::bigint[]) AS gone (series_id, start) "  # noqa: S608
            f"WHERE old.series_id = gone.series_id AND old.start = gone.start {sort} "
            "AND old.start BETWEEN %s AND %s",  # so that TimescaleDB looks at the chunks in question only
            [list(ids), list(starts), min(starts), max(starts)],
        )


def seal(level: Level, series_ids: Collection[int], start: int, end: int) -> None:
    """Let the buckets in [start, end) stand as they are: what they were made from is about to be deleted."""
    if not select(level.model, ("1",), series_ids, f"{WITHIN} AND is_sealed LIMIT 1", (start, end)):
        _change(f"UPDATE {level.model._meta.db_table} SET is_sealed = TRUE", series_ids, start, end)  # noqa: S608
        return
    merged = read(level, series_ids, start, end)
    delete_window(level, series_ids, start, end)
    bulk.insert(level.model, COLUMNS, [row_of(*place, one, is_sealed=True) for place, one in sorted(merged.items())])


def delete_window(level: Level, series_ids: Collection[int], start: int, end: int) -> None:
    """Delete the buckets that start in [start, end), sealed ones too."""
    _change(f"DELETE FROM {level.model._meta.db_table}", series_ids, start, end)  # noqa: S608


def _change(statement: str, series_ids: Collection[int], start: int, end: int) -> None:
    if not series_ids:
        return
    with connection.cursor() as cursor:
        where = f"series_id IN ({_marks(series_ids)}) AND {WITHIN}"
        cursor.execute(f"{statement} WHERE {where}", [*series_ids, start, end])
