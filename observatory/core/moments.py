"""The moments that there are, and those at which something can have been."""

from datetime import UTC, datetime

FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
# What is sent lies in [EARLIEST, LATEST): years of both sides are left for whole buckets, and for windows as long before.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
_FIRST_S, _LAST_S = -62_135_596_800, 253_402_300_800  # in whole seconds: the last moment as a float is the year 10000


def moment_of(seconds: float) -> datetime:
    """The moment of Unix seconds, within those that there are: the bucket of the first day of all begins before it.

    What an older version took lies anywhere, so a bucket of it may begin or end where there are no times any more.
    """
    if seconds <= _FIRST_S:
        return FIRST
    return LAST if seconds >= _LAST_S else datetime.fromtimestamp(seconds, UTC)
