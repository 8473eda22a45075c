"""The buckets of one source in one project: computed from facts or from finer buckets, and put in place."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction

from observatory.core import bulk
from observatory.metrics.catalogue import Metric, Source
from observatory.metrics.horizons import finest_left, horizons
from observatory.metrics.levels import LEVELS, Level, first_horizons
from observatory.metrics.models import Horizon
from observatory.metrics.rollup.collect import collect, summary_of
from observatory.metrics.rollup.counters import raise_counters
from observatory.metrics.rollup.rows import Place, read, replace
from observatory.metrics.rollup.series_ids import Labels, SeriesBook
from observatory.metrics.staleness import mark_buckets
from observatory.stats.summary import Summary, merge

BUCKETS_A_READ = 5  # so that a backlog of busy minutes is never in memory at once
COUNTERS = len(LEVELS)  # the level of marks after the last: the counters of Prometheus
GAP = 3  # to read this many buckets for nothing takes no longer than another statement

Stretch = tuple[int, tuple[int, ...]]  # (number of a level, starts)
Stale = dict[int, set[int]]  # number of a level -> starts of its buckets
Found = dict[tuple[str, Labels, int], Summary]  # by metric, labels as the facts have them, and start


class Work:
    """The metrics of one source in one project."""

    def __init__(self, project_id: int, source: Source, metrics: Sequence[Metric]):
        self.project_id, self.source, self.metrics = project_id, source, metrics
        self.book = SeriesBook(project_id, metrics)

    def from_facts(self, minutes: list[int], *, now: datetime, before_each: Callable[[], None]) -> dict[Stretch, Found]:
        """Read the facts of some minutes and return what was found for each (level, starts).

        `before_each` is called before each read of facts. Where minutes were deleted for their age, the finest buckets
        that are left are recomputed from all their facts.
        """
        until = self._horizons(now)
        wanted: dict[int, set[int]] = defaultdict(set)
        for minute in minutes:
            level = finest_left(minute, until)
            wanted[LEVELS.index(level)].add(level.start_of(minute))
        return {
            (number, tuple(sorted(starts))): self._found(LEVELS[number], starts, before_each)
            for number, starts in wanted.items()
        }

    def _horizons(self, now: datetime) -> dict[int, int]:
        """Up to where buckets of each level are no longer made. A new source starts with what would be deleted at once."""
        until = horizons(self.project_id, self.source.name)
        if not self.book.ids and not until:
            until = dict(enumerate(first_horizons(now)))
            rows = [(self.project_id, self.source.name, *one) for one in until.items()]
            with transaction.atomic():
                bulk.insert(Horizon, ("project_id", "source", "level", "until"), rows)
        return until

    def _found(self, level: Level, starts: set[int], before_each: Callable[[], None]) -> Found:
        found: Found = {}
        for start, end in runs(starts, level.seconds, most=BUCKETS_A_READ):
            before_each()
            for one in collect(self.source, self.metrics, self.project_id, start=start, end=end, bucket_s=level.seconds):
                found[one.metric.name, one.labels, one.start] = summary_of(one.metric, one.values)
        return found

    def write_facts(self, computed: dict[Stretch, Found]) -> Stale:
        """Replace what `from_facts` computed. Return the coarser buckets that are stale now."""
        stale: Stale = defaultdict(set)
        for (number, starts), found in computed.items():
            kept = self.book.admit((name, labels) for name, labels, _ in found)
            parts: dict[Place, list[Summary]] = defaultdict(list)
            for (name, labels, start), summary in found.items():
                parts[self.book.ids[name, kept[name, labels]], start].append(summary)
            stale[number + 1] |= self._replace(number, starts, parts)
        return stale

    def write_coarser(self, number: int, starts: Collection[int]) -> Stale:
        """Recompute buckets from the finer ones, or raise the counters. Return the coarser buckets that are stale now."""
        if number == COUNTERS:
            raise_counters(self.book)
            return {}
        level, finer = LEVELS[number], LEVELS[number - 1]
        ids = list(self.book.ids.values())
        parts: dict[Place, list[Summary]] = defaultdict(list)
        for begin, end in runs(starts, level.seconds, gap=GAP):
            for (series_id, start), summary in read(finer, ids, begin, end).items():
                if level.start_of(start) in starts:
                    parts[series_id, level.start_of(start)].append(summary)
        return {number + 1: self._replace(number, starts, parts)}

    def go_up(self, stale: Stale) -> int:
        """Recompute the stale buckets, those above that change, and so on to the counters. Return how many."""
        done = 0
        for number in range(1, COUNTERS + 1):
            if starts := stale.get(number):
                done += len(starts)
                for above, more in self.write_coarser(number, starts).items():
                    stale[above] = stale.get(above, set()) | more
        return done

    def mark(self, stale: Stale, *, now: datetime) -> None:
        """Leave them to a later transaction."""
        places = sorted((number, start) for number, starts in stale.items() for start in starts)
        mark_buckets([(self.project_id, self.source.name, *place) for place in places], now=now)

    def _replace(self, number: int, starts: Collection[int], parts: dict[Place, list[Summary]]) -> set[int]:
        """Make the buckets what their parts say. Return the starts of the next level's that have changed below."""
        new = {place: merge(summaries) for place, summaries in parts.items()}
        changed = replace(LEVELS[number], list(self.book.ids.values()), starts, new)
        if number + 1 == COUNTERS:
            return {0} if changed else set()
        return {LEVELS[number + 1].start_of(start) for start in changed}


def runs(starts: Iterable[int], seconds: int, *, most: int | None = None, gap: int = 0) -> list[tuple[int, int]]:
    """Return the stretches [start, end) that buckets form, of at most `most` each and with gaps of at most `gap`."""
    found: list[tuple[int, int]] = []
    for start in sorted(starts):
        if found and start - found[-1][1] <= gap * seconds and (most is None or start - found[-1][0] < most * seconds):
            found[-1] = (found[-1][0], start + seconds)
        else:
            found.append((start, start + seconds))
    return found
