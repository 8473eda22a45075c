"""What Prometheus is told since ever: the sum of the coarsest buckets, and never less than it was told before."""

from collections import defaultdict
from dataclasses import replace

from observatory.metrics.catalogue import Exposed, metric
from observatory.metrics.levels import LEVELS
from observatory.metrics.models import Counter
from observatory.metrics.rollup.rows import NUMBERS, summary_of_row
from observatory.metrics.rollup.series_ids import SeriesBook
from observatory.stats.packing import pack, unpack
from observatory.stats.summary import Summary, merge

GROWING = {Exposed.COUNTER, Exposed.HISTOGRAM}


def raise_counters(book: SeriesBook) -> None:
    """Bring the counters of a source's series up to their buckets."""
    growing = {name for name in book.metrics if any(one.type in GROWING for one in metric(name).prometheus)}
    boundaries = {series_id: len(metric(name).boundaries) for (name, _), series_id in book.ids.items() if name in growing}
    ids = list(boundaries)
    sums: dict[int, list[Summary]] = defaultdict(list)
    for series_id, *numbers, packed in (
        LEVELS[-1].rows.filter(series_id__in=ids).values_list("series_id", *NUMBERS, "packed")
    ):
        sums[series_id].append(_counted_at(boundaries[series_id], summary_of_row(numbers, packed)))
    told = {counter.series_id: counter for counter in Counter.objects.filter(series_id__in=ids)}
    rows = [_raised(series_id, merge(parts), told.get(series_id)) for series_id, parts in sums.items()]
    Counter.objects.bulk_create(
        [row for row in rows if row],
        update_conflicts=True,
        unique_fields=["series"],
        update_fields=["n", "total", "packed"],
    )


def _counted_at(boundaries: int, summary: Summary) -> Summary:
    """What an older declaration counted at another number of boundaries is known by its number only."""
    return summary if len(summary.bounds) == boundaries else replace(summary, bounds=())


def _raised(series_id: int, now: Summary, told: Counter | None) -> Counter | None:
    n, total, bounds = now.n, now.total, now.bounds
    if told is not None:
        before: tuple[int, ...] = unpack(told.packed).get("bounds", ())
        n, total = max(n, told.n), max(total, told.total)
        if len(before) == len(bounds):
            bounds = tuple(map(max, before, bounds))
        if (n, total, bounds) == (told.n, told.total, before):
            return None
    return Counter(series_id=series_id, n=n, total=total, packed=pack(Summary(bounds=bounds)))
