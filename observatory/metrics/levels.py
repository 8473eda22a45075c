"""The stretches of time that buckets cover. All are aligned to the Unix epoch, so days are days in UTC."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.conf import settings
from django.db import models

from observatory.metrics.models import Bucket1d, Bucket1h, Bucket1m, Bucket5m, Bucket30d, BucketBase

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Level:
    """Buckets of `seconds`, made from those of the level before, kept for `keep_s` (None: for good)."""

    name: str
    seconds: int
    keep_s: int | None
    model: type[BucketBase]

    def start_of(self, moment_s: float) -> int:
        """The start of the bucket that a moment lies in."""
        return int(moment_s // self.seconds) * self.seconds

    @property
    def rows(self) -> models.Manager:
        return self.model._default_manager


KEEP_S = [days * DAY_S for days in settings.OBSERVATORY["OBSERVATORY_BUCKET_DAYS"]]
LEVELS = (
    Level("1m", 60, KEEP_S[0], Bucket1m),
    Level("5m", 300, KEEP_S[1], Bucket5m),
    Level("1h", 3_600, KEEP_S[2], Bucket1h),
    Level("1d", DAY_S, KEEP_S[3], Bucket1d),
    # Never shown: twelve rows a year from which the counters of Prometheus are summed.
    Level("30d", 30 * DAY_S, None, Bucket30d),
)


def first_horizons(now: datetime) -> list[int]:
    """For each level that is kept for a time: up to where its buckets are too old, in whole buckets of the next level."""
    return [above.start_of(now.timestamp() - level.keep_s) for level, above in pairwise(LEVELS) if level.keep_s is not None]
