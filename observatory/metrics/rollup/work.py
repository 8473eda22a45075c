"""The buckets of one source in one project: computed from facts or from finer buckets, and put in place."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from observatory.metrics.catalogue import Metric, Source
from observatory.metrics.levels import LEVELS, Level, first_horizons
from observatory.metrics.models import Horizon
from observatory.metrics.rollup.collect import collect, summary_of
from observatory.metrics.rollup.rows import Place, read, replace
from observatory.metrics.rollup.series_ids import Labels, SeriesBook
from observatory.metrics.staleness import mark_buckets
from observatory.stats.summary import Summary, merge


class Work:
    """The metrics of one source in one project."""

    def __init__(self, project_id: int, source: Source, metrics: Sequence[Metric]):
        self.project_id, self.source, self.metrics = project_id, source, metrics
        self.book = SeriesBook(project_id, metrics)

    def from_facts(self, minutes: list[int], *, now: datetime) -> dict[tuple[int, tuple[int, ...]], dict]:
        """Read the facts of some minutes: for each (level, starts), values by (metric, labels, start).

        Where minutes were deleted for their age, the finest buckets that are left are recomputed from all their facts.
        """
        horizons = self._horizons(now)
        wanted: dict[int, set[int]] = defaultdict(set)
        for minute in minutes:
            number = next(
                (n for n, level in enumerate(LEVELS[:-1]) if level.start_of(minute) >= horizons.get(n, -1)), len(LEVELS) - 1
            )
            wanted[number].add(LEVELS[number].start_of(minute))
        return {(number, tuple(sorted(starts))): self._values(LEVELS[number], starts) for number, starts in wanted.items()}

    def _horizons(self, now: datetime) -> dict[int, int]:
        """Up to where buckets of each level are no longer made. A new source starts with what would be deleted at once."""
        rows = Horizon.objects.filter(project_id=self.project_id, source=self.source.name)
        if not self.book.ids and not rows.exists():
            Horizon.objects.bulk_create(
                Horizon(project_id=self.project_id, source=self.source.name, level=number, until=until)
                for number, until in enumerate(first_horizons(now))
            )
        return dict(rows.values_list("level", "until"))

    def _values(self, level: Level, starts: set[int]) -> dict[tuple[Metric, Labels, int], list]:
        values: dict[tuple[Metric, Labels, int], list] = {}
        for start, end in runs(starts, level.seconds):
            for one in collect(self.source, self.metrics, self.project_id, start=start, end=end, bucket_s=level.seconds):
                values[one.metric, one.labels, one.start] = one.values
        return values

    def write_facts(self, place: tuple[int, tuple[int, ...]], values: dict, *, now: datetime) -> None:
        number, starts = place
        kept = self.book.admit((metric.name, labels) for metric, labels, _ in values)
        grouped: dict[tuple[Metric, int, int], list] = defaultdict(list)
        for (metric, labels, start), found in values.items():
            grouped[metric, self.book.ids[metric.name, kept[metric.name, labels]], start] += found
        new = {(series_id, start): summary_of(metric, found) for (metric, series_id, start), found in grouped.items()}
        self._replace(number, starts, new, now=now)

    def write_coarser(self, number: int, starts: list[int], *, now: datetime) -> None:
        level, finer = LEVELS[number], LEVELS[number - 1]
        ids = list(self.book.ids.values())
        parts: dict[Place, list[Summary]] = defaultdict(list)
        for begin, end in runs(starts, level.seconds):
            for (series_id, start), summary in read(finer, ids, begin, end).items():
                parts[series_id, level.start_of(start)].append(summary)
        self._replace(number, starts, {place: merge(found) for place, found in parts.items()}, now=now)

    def _replace(self, number: int, starts: Sequence[int], new: dict[Place, Summary], *, now: datetime) -> None:
        changed = replace(LEVELS[number], list(self.book.ids.values()), starts, new)
        above = LEVELS[number + 1] if number + 1 < len(LEVELS) else None
        parents = {above.start_of(start) if above else 0 for start in changed}
        mark_buckets([(self.project_id, self.source.name, number + 1, start) for start in sorted(parents)], now=now)


def runs(starts: Sequence[int] | set[int], seconds: int) -> list[tuple[int, int]]:
    """Return the stretches [start, end) that neighbouring buckets form."""
    found: list[tuple[int, int]] = []
    for start in sorted(starts):
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], start + seconds)
        else:
            found.append((start, start + seconds))
    return found
