"""The roll-up: takes marks, recomputes what they name, and clears them last, level by level."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from observatory.core.leases import LeaseLost, acquire, fence, release
from observatory.metrics import catalogue
from observatory.metrics.catalogue import Metric, Source
from observatory.metrics.levels import LEVELS, Level, first_horizons
from observatory.metrics.models import Horizon, StaleBucket
from observatory.metrics.rollup.collect import collect, summary_of
from observatory.metrics.rollup.counters import raise_counters
from observatory.metrics.rollup.rows import Place, read, replace
from observatory.metrics.rollup.series_ids import Labels, SeriesBook
from observatory.metrics.staleness import mark_buckets
from observatory.stats.summary import Summary, merge

LEASE, LEASE_S = "rollup", 300
MARKS_A_BATCH = 5_000
BUCKETS_A_BATCH = 120
COUNTERS = len(LEVELS)  # the level of marks after the last: the counters of Prometheus
STORE_IS_AWAY = (LeaseLost, OperationalError, InterfaceError)
logger = logging.getLogger(__name__)

Marks = dict[tuple[int, str], dict[int, list[int]]]  # (project, source) -> start -> ids of its marks


def roll_up(*, now: datetime) -> int:
    """Bring every level up to date and return how many buckets were recomputed; 0 if another process is at it."""
    if not acquire(LEASE, now=timezone.now(), seconds=LEASE_S):
        return 0
    try:
        return sum(_roll_up_level(number, now=now) for number in range(COUNTERS + 1))
    except LeaseLost:
        logger.warning("The roll-up took longer than its lease; another process goes on.")
        return 0
    finally:
        release(LEASE)


def _roll_up_level(number: int, *, now: datetime) -> int:
    done = 0
    last = StaleBucket.objects.waiting().filter(level=number).order_by("-id").values_list("id", flat=True).first()
    # What comes meanwhile is for the next run: a busy minute must not keep the coarser levels waiting.
    while last and (marks := _take(number, last)):
        for (project_id, source), starts in marks.items():
            try:
                _roll_up_buckets(number, project_id, source, starts, now=now)
            except STORE_IS_AWAY:
                raise  # nothing is wrong with the marks; the next run finds them
            except Exception as error:  # noqa: BLE001  (each bucket is tried by itself, and the guilty one keeps the reason)
                logger.warning("The roll-up of %s failed (%s); its buckets are tried one by one.", source, error)
                for start, mark_ids in starts.items():
                    _roll_up_alone(number, project_id, source, {start: mark_ids}, now=now)
            done += len(starts)
    return done


def _roll_up_alone(number: int, project_id: int, source: str, starts: dict[int, list[int]], *, now: datetime) -> None:
    try:
        _roll_up_buckets(number, project_id, source, starts, now=now)
    except STORE_IS_AWAY:
        raise
    except Exception as error:
        logger.exception("The buckets of %s at %s cannot be recomputed.", source, list(starts))
        marks = [one for ids in starts.values() for one in ids]
        StaleBucket.objects.filter(id__in=marks).update(error=f"{type(error).__name__}: {error}"[:300])


def _take(number: int, last: int) -> Marks:
    marks: Marks = defaultdict(lambda: defaultdict(list))
    rows = StaleBucket.objects.waiting().filter(level=number, id__lte=last).order_by("id")
    buckets = 0
    for mark_id, project_id, source, start in rows.values_list("id", "project_id", "source", "start")[:MARKS_A_BATCH]:
        group = marks[project_id, source]
        if start not in group:
            if buckets == BUCKETS_A_BATCH:
                continue
            buckets += 1
        group[start].append(mark_id)
    return {key: group for key, group in marks.items() if group}


def _roll_up_buckets(number: int, project_id: int, name: str, starts: dict[int, list[int]], *, now: datetime) -> None:
    """Recompute the buckets of one source, and clear their marks in the transaction that replaces them."""
    found = catalogue.sources().get(name)
    if found is None:  # a source that was declared by an older version
        StaleBucket.objects.filter(id__in=[one for ids in starts.values() for one in ids]).delete()
        return
    work = _Work(project_id, *found)
    computed = work.from_facts(sorted(starts), now=now) if number == 0 else {}
    with transaction.atomic():
        fence(LEASE, now=timezone.now(), seconds=LEASE_S)
        if number == 0:
            for place, values in computed.items():
                work.write_facts(place, values, now=now)
        elif number == COUNTERS:
            raise_counters(work.book)
        else:
            work.write_coarser(number, sorted(starts), now=now)
        StaleBucket.objects.filter(id__in=[one for ids in starts.values() for one in ids]).delete()


class _Work:
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
