"""Marks of stale minutes: written in the transaction that changes facts, taken by the roll-up."""

from collections.abc import Iterable
from datetime import datetime

from observatory.core import bulk
from observatory.metrics.models import StaleBucket

COLUMNS = ("project_id", "source", "level", "start", "marked_at")


def mark(stale: Iterable[tuple[int, str, float]], *, now: datetime) -> None:
    """Mark the minutes of changed facts: `(project, source, Unix seconds of the fact)`. Call it in their transaction."""
    minutes = {(project_id, source, 0, int(at // 60) * 60) for project_id, source, at in stale}
    mark_buckets(sorted(minutes), now=now)


def mark_buckets(buckets: Iterable[tuple[int, str, int, int]], *, now: datetime) -> None:
    """Mark buckets: `(project, source, level, start)`."""
    marked_at = bulk.database_time(int(now.timestamp() * 1_000_000))
    bulk.insert(StaleBucket, COLUMNS, [(*bucket, marked_at) for bucket in buckets])
