"""The retention of raw facts: day by day from the oldest, archived first, then deleted window by window."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
from itertools import chain

from django.db import transaction

from interactions.archive.files import close_files, mend, open_days
from interactions.archive.settings import is_archiving
from interactions.digest.user_days import forget_before
from interactions.payloads.shared import forget_unused
from interactions.raw_data.kinds import KINDS, Kind
from interactions.raw_data.lease import LEASE, LEASE_S, WAIT_S
from interactions.raw_data.prints import Prints
from interactions.retention.limits import cutoff
from interactions.retention.windows import delete_window, may_delete, windows
from observatory.core.leases import LeaseBusy, LeaseLost, holding
from observatory.core.moments import moment_of
from observatory.metrics.failures import COMES_BACK, noted
from observatory.metrics.horizons import finest_left, horizons
from observatory.metrics.levels import DAY_S
from observatory.metrics.size import table_sizes
from observatory.projects.models import Project

JOB = "retention"
# Interactions last: while they are there they say whose the spans are that stay.
ORDER = ("spans", "events", "interactions", "outcomes", "samples")
DAY = timedelta(days=1)
logger = logging.getLogger(__name__)

Work = Callable[[], None]


@dataclass
class Done:
    """What a run did; `waiting` are windows that were not ready."""

    rows: int = 0
    windows: int = 0
    waiting: int = 0


def retain(*, now: datetime, only: Project | None = None) -> Done:
    """Archive and delete what is too old or too much, in every project without a legal hold.

    What fails is noted (see observatory/metrics/failures.py), and does not stop other kinds and projects.
    """
    done, sizes = Done(), cache(table_sizes)  # once: SQLite keeps none, and samples every table
    projects = Project.objects.filter(is_held=False, restored_from=None)
    try:
        for project in projects.filter(pk=only.pk) if only else projects:
            for name in (*ORDER, *(name for name in KINDS if name not in ORDER)):
                with noted(project.pk, JOB, name):
                    _retain_kind(project, KINDS[name], done, until=cutoff(project, KINDS[name], now=now, sizes=sizes()))
            with noted(project.pk, JOB, "shared texts"):
                forget_unused(project.pk)
            with noted(project.pk, JOB, "days of users"), transaction.atomic():
                forget_before(project.pk)
            if is_archiving():
                with noted(project.pk, JOB, "archive"), holding(LEASE, seconds=LEASE_S, wait_s=WAIT_S):
                    mend(project)
    except (LeaseBusy, LeaseLost) as lease:
        logger.warning("Another process holds the lease %s; retention goes on with the next run.", lease)
    return done


def _retain_kind(project: Project, kind: Kind, done: Done, *, until: datetime) -> None:
    """Every day that is due; if one fails the others go on, and then the first failure is raised."""
    failure: Exception | None = None
    for work in chain(_refreshed(project, kind), _stretches(project, kind, done, until)):
        try:
            work()
        except COMES_BACK:
            raise
        except Exception as error:  # noqa: BLE001  (raised below)
            failure = failure or error
    if failure is not None:
        raise failure


def _refreshed(project: Project, kind: Kind) -> Iterator[Work]:
    """Files of days whose rows are still here are written anew before anything goes, where rows may have moved since.

    Else the day to which one moved would be gone when the other is looked at, and the row in both.
    """
    if kind.grows and is_archiving():
        for day in open_days(project.pk, kind):
            yield partial(_refresh, project, kind, _midnight(day))


def _refresh(project: Project, kind: Kind, day: datetime) -> None:
    with holding(LEASE, seconds=LEASE_S, wait_s=WAIT_S):
        _archive(project, kind, day, day + DAY)


def _stretches(project: Project, kind: Kind, done: Done, until: datetime) -> Iterator[Work]:
    """Days with work from the oldest on; where only coarser buckets are left, as many days as one of these has."""
    start = _next_work(project.pk, kind, None)
    while start is not None and start < until:
        level = finest_left(start.timestamp(), horizons(project.pk, kind.source))
        seconds = max(DAY_S, level.seconds)
        first = int(start.timestamp()) // seconds * seconds
        last = first + seconds
        end = moment_of(last)
        if end > until:
            return
        yield partial(_retain_stretch, project, kind, done, first, last)
        start = _next_work(project.pk, kind, end)


def _next_work(project_id: int, kind: Kind, since: datetime | None) -> datetime | None:
    """The oldest fact; or a day in the archive whose last facts have moved to other days since it was written."""
    found = [kind.oldest(project_id, since=since)]
    if is_archiving():
        found += [_midnight(day) for day in open_days(project_id, kind) if since is None or day >= since.date()][:1]
    return min((one for one in found if one is not None), default=None)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _retain_stretch(project: Project, kind: Kind, done: Done, first: int, last: int) -> None:
    """Archive and delete the facts of [first, last), in Unix seconds: whole buckets."""
    start, end = moment_of(first), moment_of(last)
    if not may_delete(project.pk, kind, first, last):
        done.waiting += 1
        return
    with holding(LEASE, seconds=LEASE_S, wait_s=WAIT_S):
        prints, waiting = _archive(project, kind, start, end), 0
        for window in windows(project.pk, kind.source, prints.by_minute, first, last):
            expected = prints.of(window.start, window.end)
            if not delete_window(project.pk, kind, window, expected):
                waiting += 1
                continue
            done.windows += 1
            done.rows += expected[0]
        done.waiting += waiting
        if is_archiving() and not waiting:
            close_files(project, kind, start.date(), end.date())


def _archive(project: Project, kind: Kind, start: datetime, end: datetime) -> Prints:
    """Archive the facts of some days, and return their prints."""
    prints = Prints()
    for number in range((end - start) // DAY):
        day = start + number * DAY
        if is_archiving():
            from interactions.archive.write import archive_day  # it imports pyarrow, which an idle worker need not hold

            archive_day(project, kind, day.date(), prints)
        else:
            for _ in prints.watch(kind.read(project.pk, day, day + DAY)):
                pass
    return prints
