"""What Prometheus is told since ever: the sum of the coarsest buckets, and never less than it was told before."""

from collections import defaultdict
from dataclasses import replace
from typing import Any

from observatory.core import bulk
from observatory.metrics.catalogue import Exposed
from observatory.metrics.levels import LEVELS
from observatory.metrics.models import Counter
from observatory.metrics.rollup.rows import NUMBERS, select, summary_of_row
from observatory.metrics.rollup.series_ids import SeriesBook
from observatory.stats.packing import pack, unpack
from observatory.stats.summary import Summary, merge

GROWING = {Exposed.COUNTER, Exposed.HISTOGRAM}
KEY, TOLD = ("series_id",), ("n", "total", "packed")
ROWS_A_STATEMENT = 1_000

Told = tuple[int, float, Any]  # as the columns of that name


def raise_counters(book: SeriesBook) -> None:
    """Bring the counters of a source's series up to their buckets."""
    growing = {
        name: len(one.boundaries) for name, one in book.metrics.items() if any(f.type in GROWING for f in one.prometheus)
    }
    boundaries = {series_id: growing[name] for (name, _), series_id in book.ids.items() if name in growing}
    ids = list(boundaries)
    sums: dict[int, list[Summary]] = defaultdict(list)
    for series_id, *numbers, packed in select(LEVELS[-1].model, ("series_id", *NUMBERS, "packed"), ids):
        sums[series_id].append(_counted_at(boundaries[series_id], summary_of_row(numbers, packed)))
    told = {series_id: tuple(row) for series_id, *row in select(Counter, (*KEY, *TOLD), ids)}
    raised = {series_id: _raised(merge(parts), told.get(series_id)) for series_id, parts in sums.items()}
    rows = [(series_id, *row) for series_id, row in raised.items() if row]
    for first in range(0, len(rows), ROWS_A_STATEMENT):
        some = rows[first : first + ROWS_A_STATEMENT]
        bulk.upsert(Counter, (*KEY, *TOLD), some, unique=KEY, replaced=TOLD, returning=KEY)


def _counted_at(boundaries: int, summary: Summary) -> Summary:
    """What an older declaration counted at another number of boundaries is known by its number only."""
    return summary if len(summary.bounds) == boundaries else replace(summary, bounds=())


def _raised(now: Summary, told: Told | None) -> Told | None:
    """What is told from now on; None where that is what was told before."""
    n, total, bounds = now.n, now.total, now.bounds
    if told is not None:
        before: tuple[int, ...] = unpack(told[2]).get("bounds", ())
        n, total = max(n, told[0]), max(total, told[1])
        if len(before) == len(bounds):
            bounds = tuple(map(max, before, bounds))
        if (n, total, bounds) == (*told[:2], before):
            return None
    return n, total, pack(Summary(bounds=bounds))
