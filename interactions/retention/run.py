"""The retention of raw facts: day by day from the oldest, archived first, then deleted window by window."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from interactions.archive.settings import is_archiving
from interactions.digest.user_days import forget_before
from interactions.retention.kinds import KINDS, Kind
from interactions.retention.lease import LEASE, LEASE_S, WAIT_S
from interactions.retention.limits import cutoff
from interactions.retention.prints import Prints
from interactions.retention.windows import delete_window, may_delete
from observatory.core.leases import LeaseBusy, LeaseLost, holding
from observatory.metrics.horizons import finest_left, horizons
from observatory.metrics.levels import DAY_S
from observatory.projects.models import Project

DAY = timedelta(days=1)
logger = logging.getLogger(__name__)


@dataclass
class Done:
    """What a run did; `waiting` are windows that were not ready."""

    rows: int = 0
    windows: int = 0
    waiting: int = 0


def retain(*, now: datetime, only: Project | None = None) -> Done:
    """Archive and delete what is too old or too much, in every project without a legal hold."""
    done = Done()
    projects = Project.objects.filter(is_held=False, restored_from=None)
    try:
        for project in projects.filter(pk=only.pk) if only else projects:
            for kind in KINDS.values():
                _retain_kind(project, kind, done, until=cutoff(project, kind, now=now))
            forget_before(project.pk)
    except (LeaseBusy, LeaseLost) as lease:
        logger.warning("Another process holds the lease %s; retention goes on with the next run.", lease)
    return done


def _retain_kind(project: Project, kind: Kind, done: Done, *, until: datetime) -> None:
    for start, end in _stretches(project.pk, kind, until):
        first, last = int(start.timestamp()), int(end.timestamp())
        if not may_delete(project.pk, kind, first, last):
            done.waiting += 1
            continue
        with holding(LEASE, seconds=LEASE_S, wait_s=WAIT_S):
            _retain_stretch(project, kind, done, start, end)


def _stretches(project_id: int, kind: Kind, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Days with facts from the oldest on; where only coarser buckets are left, as many days as one of these has."""
    start = kind.oldest(project_id)
    while start is not None and start < until:
        level = finest_left(start.timestamp(), horizons(project_id, kind.source))
        seconds = max(DAY_S, level.seconds)
        begin = datetime.fromtimestamp(int(start.timestamp()) // seconds * seconds, UTC)
        end = begin + timedelta(seconds=seconds)
        if end > until:
            return
        yield begin, end
        start = kind.oldest(project_id, since=end)


def _retain_stretch(project: Project, kind: Kind, done: Done, start: datetime, end: datetime) -> None:
    prints = Prints()
    for number in range((end - start) // DAY):
        day = start + number * DAY
        if is_archiving():
            from interactions.archive.write import archive_day  # it imports pyarrow, which an idle worker need not hold

            archive_day(project, kind, day.date(), prints)
        else:
            for _ in prints.watch(kind.read(project.pk, day, day + DAY)):
                pass
    for first, last in _windows(project.pk, kind, sorted(prints.by_minute)):
        expected = prints.of(first, last)
        if delete_window(project.pk, kind, first, last, expected):
            done.windows += 1
            done.rows += expected[0]
        else:
            done.waiting += 1


def _windows(project_id: int, kind: Kind, minutes: list[int]) -> list[tuple[int, int]]:
    """The buckets, of the finest level that is left, in which these minutes lie."""
    until = horizons(project_id, kind.source)
    levels = {minute: finest_left(minute, until) for minute in minutes}
    return sorted({(start := level.start_of(minute), start + level.seconds) for minute, level in levels.items()})
