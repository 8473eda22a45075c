"""Rows of buckets: read as summaries, replaced where they differ."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from observatory.core import bulk
from observatory.metrics.levels import Level
from observatory.stats.packing import pack, unpack
from observatory.stats.summary import Summary, merge

NUMBERS = ("n", "total", "squares", "minimum", "maximum", "last", "last_at")
COLUMNS = ("series_id", "start", "is_sealed", *NUMBERS, "packed")
Place = tuple[int, int]


def row_of(series_id: int, start: int, summary: Summary, *, is_sealed: bool = False) -> tuple[Any, ...]:
    return (series_id, start, is_sealed, *(getattr(summary, name) for name in NUMBERS), pack(summary))


def summary_of_row(numbers: Iterable[Any], packed: bytes | memoryview | None) -> Summary:
    return Summary(*numbers, **unpack(packed))


def read(level: Level, series_ids: Collection[int], start: int, end: int) -> dict[Place, Summary]:
    """Return the summaries of the buckets that start in [start, end), sealed and later ones together."""
    found: dict[Place, list[Summary]] = defaultdict(list)
    rows = level.rows.filter(series_id__in=series_ids, start__gte=start, start__lt=end)
    for series_id, begin, *numbers, packed in rows.values_list("series_id", "start", *NUMBERS, "packed"):
        found[series_id, begin].append(summary_of_row(numbers, packed))
    return {place: merge(parts) for place, parts in found.items()}


def replace(level: Level, series_ids: Collection[int], starts: Collection[int], new: Mapping[Place, Summary]) -> set[int]:
    """Make the unsealed buckets of these series and starts what `new` says; return the starts where any changed."""
    rows = {place: row_of(*place, summary) for place, summary in new.items() if summary.n}
    there = {
        (row[0], row[1]): (*row[:-1], None if row[-1] is None else bytes(row[-1]))
        for row in level.rows.filter(series_id__in=series_ids, start__in=starts, is_sealed=False).values_list(*COLUMNS)
    }
    outdated = {place for place, row in there.items() if rows.get(place) != row}
    fresh = [row for place, row in sorted(rows.items()) if there.get(place) != row]
    by_start: dict[int, list[int]] = defaultdict(list)
    for series_id, start in outdated:
        by_start[start].append(series_id)
    for start, ids in sorted(by_start.items()):
        level.rows.filter(series_id__in=ids, start=start, is_sealed=False).delete()
    bulk.insert(level.model, COLUMNS, fresh)
    return {start for _, start in outdated} | {row[1] for row in fresh}


def seal(level: Level, series_ids: Collection[int], start: int, end: int) -> None:
    """Let the buckets in [start, end) stand as they are: what they were made from is about to be deleted."""
    window = level.rows.filter(series_id__in=series_ids, start__gte=start, start__lt=end)
    sealed = set(window.filter(is_sealed=True).values_list("series_id", "start"))
    open_ones = window.filter(is_sealed=False)
    if not sealed:
        open_ones.update(is_sealed=True)
        return
    merged = read(level, series_ids, start, end)
    window.delete()
    bulk.insert(level.model, COLUMNS, [row_of(*place, one, is_sealed=True) for place, one in sorted(merged.items())])
