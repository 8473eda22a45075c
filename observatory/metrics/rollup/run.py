"""The roll-up: takes marks, recomputes what they name, clears them last. Level by level; of little, all levels at once."""

import logging
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from observatory.core.leases import LeaseLost, acquire, fence, release
from observatory.metrics import catalogue
from observatory.metrics.levels import LEVELS
from observatory.metrics.models import StaleBucket
from observatory.metrics.rollup.work import COUNTERS, Work

LEASE, LEASE_S, RENEW_AFTER_S = "rollup", 60, 5
MARKS_A_BATCH = 5_000
BUCKETS_A_BATCH = 120  # from facts
FINER_A_BATCH = 240  # from finer buckets: ten days from their hours
# Buckets times series that are brought up all levels in one transaction. Writers of SQLite wait for it; below this, with all
# the buckets that there may be above, for a fifth of a second at most.
LITTLE = 200
TRY_AGAIN = timedelta(hours=1)  # what failed may have waited for memory, or for a repair
STORE_IS_AWAY = (LeaseLost, OperationalError, InterfaceError)
logger = logging.getLogger(__name__)

# Its statements are in SQL's own words where every level says them: Django takes longer to word them than they take.
MARKS = StaleBucket._meta.db_table

Starts = dict[int, list[int]]  # start of a bucket -> ids of its marks
Key = tuple[int, str]  # (project, source)


def roll_up(*, now: datetime) -> int:
    """Bring every level up to date and return how many buckets were recomputed; 0 if another process is at it."""
    if not acquire(LEASE, now=timezone.now(), seconds=LEASE_S):
        return 0
    try:
        return _Run(now).all_levels()
    except LeaseLost:
        logger.warning("The roll-up took longer than its lease; another process goes on.")
        return 0
    finally:
        release(LEASE)


class _Run:
    """One pass over the levels. The series of a source are read once, and failed marks only if there are any."""

    def __init__(self, now: datetime):
        self.now = now
        self.works: dict[Key, Work] = {}
        self.has_failed = _has_failed()
        # Counters are raised from all buckets, and never fall: only once nothing else of the source is stale.
        self.goes_up_at_once = not self.has_failed and _lowest_level(1) is None
        self.renewed_at = time.monotonic()
        self.done = 0

    def all_levels(self) -> int:
        if self.has_failed:
            StaleBucket.objects.failed().filter(failed_at__lte=timezone.now() - TRY_AGAIN).update(error="")
        number = 0
        while (lowest := _lowest_level(number)) is not None:
            self._level(lowest)
            number = lowest + 1
        return self.done

    def _level(self, number: int) -> None:
        last = None
        while True:
            marks, count = _take(number, last)
            # The one batch of a quiet system. In a busy one, what comes meanwhile is for the next run: the minute that is
            # being filled must not keep the coarser levels waiting.
            is_last = count < MARKS_A_BATCH
            batches = [(key, some) for key, starts in marks.items() for some in _batches(starts, buckets_a_batch(number))]
            self.goes_up_at_once = self.goes_up_at_once and is_last and len(batches) == len(marks)
            for key, starts in batches:
                self._try(number, key, starts)
                self.done += len(starts)
            if is_last:
                return
            last = last or _last_mark(number)

    def _try(self, number: int, key: Key, starts: Starts) -> None:
        try:
            self._buckets(number, key, starts)
        except STORE_IS_AWAY:
            raise  # nothing is wrong with the marks; the next run finds them
        except Exception as error:
            self.works.clear()  # it may know series whose rows were rolled back
            if self.goes_up_at_once:
                self.goes_up_at_once = False  # level by level it shows whether a coarser bucket failed
                self._try(number, key, starts)
                return
            if len(starts) > 1:
                logger.warning("The roll-up of %s failed (%s); its buckets are tried one by one.", key[1], error)
                for start, mark_ids in starts.items():
                    self._try(number, key, {start: mark_ids})
                return
            logger.exception("The bucket of %s at %s cannot be recomputed: see Metrics health.", key[1], *starts)
            self.has_failed = True
            reason = f"{type(error).__name__}: {error}"[:300]
            StaleBucket.objects.filter(id__in=_ids(starts)).update(error=reason, failed_at=timezone.now())

    def _buckets(self, number: int, key: Key, starts: Starts) -> None:
        """Recompute the buckets of one source, and clear their marks in the transaction that replaces them.

        The coarser buckets above those that changed are marked in it, or recomputed if that is little.
        """
        work = self._work(key)
        if work is None:  # a source that an older version declared
            _clear(_ids(starts))
            return
        computed = work.from_facts(sorted(starts), now=self.now, before_each=self._renew) if number == 0 else {}
        size = max(len(starts) * len(work.book.ids), sum(map(len, computed.values())))
        with transaction.atomic():
            self._fence()
            stale = work.write_facts(computed) if number == 0 else work.write_coarser(number, starts)
            if self.goes_up_at_once and number == 0 and size <= LITTLE:
                self.done += work.go_up(stale)
            else:
                work.mark(stale, now=self.now)
            _clear(_ids(starts))
            if self.has_failed:
                _forget_failures(number, key, starts)

    def _work(self, key: Key) -> Work | None:
        if key not in self.works:
            found = catalogue.sources().get(key[1])
            if found is None:
                return None
            self.works[key] = Work(key[0], *found)
        return self.works[key]

    def _renew(self) -> None:
        """Keep the lease while facts are read: a hundred minutes of a busy system take longer than it lasts.

        Once another process had it, it is lost for good, though it be free again: facts read before are old.
        """
        if time.monotonic() - self.renewed_at > RENEW_AFTER_S:
            self._fence()

    def _fence(self) -> None:
        fence(LEASE, now=timezone.now(), seconds=LEASE_S)
        self.renewed_at = time.monotonic()


def _forget_failures(number: int, key: Key, starts: Starts) -> None:
    """What failed before was recomputed now, with whatever it waited for."""
    failed = StaleBucket.objects.failed().filter(project_id=key[0], source=key[1], level=number)
    failed.filter(start__in=list(starts)).delete()


def buckets_a_batch(number: int) -> int:
    """So few that what they are made of takes some ten megabytes, in a project with hundreds of series."""
    if number in {0, COUNTERS}:
        return BUCKETS_A_BATCH
    return max(1, FINER_A_BATCH * LEVELS[number - 1].seconds // LEVELS[number].seconds)


def _lowest_level(number: int) -> int | None:
    """The lowest level from this one on that has marks."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT level FROM {MARKS} WHERE level >= %s AND error = '' ORDER BY level LIMIT 1", [number])  # noqa: S608
        row = cursor.fetchone()
    return row and row[0]


def _take(number: int, last: int | None) -> tuple[dict[Key, Starts], int]:
    """Return marks by their buckets, and how many they are."""
    marks: dict[Key, Starts] = defaultdict(lambda: defaultdict(list))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, project_id, source, start FROM {MARKS} WHERE level = %s AND error = ''"  # noqa: S608
            f"{'' if last is None else ' AND id <= %s'} ORDER BY id LIMIT {MARKS_A_BATCH}",
            [number] if last is None else [number, last],
        )
        found = cursor.fetchall()
    for mark_id, project_id, source, start in found:
        marks[project_id, source][start].append(mark_id)
    return marks, len(found)


def _batches(starts: Starts, most: int) -> Iterator[Starts]:
    rows = iter(starts.items())
    while some := dict(islice(rows, most)):
        yield some


def _has_failed() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {MARKS} WHERE error <> '' LIMIT 1")  # noqa: S608
        return cursor.fetchone() is not None


def _last_mark(number: int) -> int | None:
    return StaleBucket.objects.filter(level=number).order_by("-id").values_list("id", flat=True).first()


def _ids(starts: Starts) -> list[int]:
    return [mark_id for ids in starts.values() for mark_id in ids]


def _clear(mark_ids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {MARKS} WHERE id IN ({', '.join(['%s'] * len(mark_ids))})", mark_ids)  # noqa: S608
