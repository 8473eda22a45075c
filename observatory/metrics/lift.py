"""What is sealed in finer buckets moves into coarser ones, before the finer ones go."""

from collections import defaultdict
from collections.abc import Collection

from observatory.core import bulk
from observatory.metrics.levels import Level
from observatory.metrics.rollup.rows import COLUMNS, NUMBERS, Place, delete, row_of, select, summary_of_row
from observatory.stats.summary import Summary, merge


def lift_sealed(finer: Level, above: Level, ids: Collection[int], start: int, end: int) -> None:
    """Move up as sealed what is sealed in the finer buckets of a stretch; they must go in the same transaction."""
    sealed = _by_parent(finer, above, ids, start, end, is_sealed=True)
    if sealed:
        still_open = _by_parent(finer, above, ids, start, end, is_sealed=False)
        begins = [begin for _, begin in sealed]
        before = _by_parent(above, above, ids, min(begins), max(begins) + 1, is_sealed=True)
        delete(above, sorted(sealed), with_sealed=True)
        rows = [
            row_of(*place, merge([*before.get(place, ()), *parts]), is_sealed=True)
            for place, parts in sorted(sealed.items())
        ]
        rows += [row_of(*place, merge(parts)) for place, parts in sorted(still_open.items()) if place in sealed]
        bulk.insert(above.model, COLUMNS, rows)


def _by_parent(
    finer: Level, above: Level, ids: Collection[int], start: int, end: int, *, is_sealed: bool
) -> dict[Place, list[Summary]]:
    found: dict[Place, list[Summary]] = defaultdict(list)
    columns = ("series_id", "start", *NUMBERS, "packed")
    within = f"start >= %s AND start < %s AND {'' if is_sealed else 'NOT '}is_sealed"
    for series_id, begin, *numbers, packed in select(finer.model, columns, ids, within, (start, end)):
        found[series_id, above.start_of(begin)].append(summary_of_row(numbers, packed))
    return found
