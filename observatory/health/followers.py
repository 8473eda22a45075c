"""Judging what runs all the time: the digest and the roll-up by what waits, worker and beat by their heartbeats."""

from datetime import datetime

from django.conf import settings

from feedback.backlog import LATE_S
from feedback.models import UnscoredTrace
from interactions.models import StaleTrace
from observatory.core.heartbeats import age_s
from observatory.health.component import DEGRADED, FAILING, HEALTHY, OFF, Judged, by_age
from observatory.metrics.models import StaleBucket
from observatory.watch.beats import BEAT, WORKER

# The digest is done within seconds, the roll-up of a busy minute within a minute; beat and watch beat every 15 seconds.
DIGEST_S = {"degraded_s": 60.0, "failing_s": 600.0}
ROLLUP_S = {"degraded_s": 180.0, "failing_s": 900.0}
# It keeps to a third of a core, so a burst, or estimates made anew, may take it a while.
SCORING_S = {"degraded_s": LATE_S, "failing_s": 86_400.0}
SILENT_S = 60.0


def digest(now: datetime) -> Judged:
    oldest = StaleTrace.objects.waiting().order_by("id").values_list("marked_at", flat=True).first()
    failed = StaleTrace.objects.failed().count()
    return _behind(oldest, failed, "traces", now=now, **DIGEST_S)


def rollup(now: datetime) -> Judged:
    marks = StaleBucket.objects.waiting().filter(level=0).order_by("id")
    failed = StaleBucket.objects.failed().count()
    return _behind(marks.values_list("marked_at", flat=True).first(), failed, "buckets", now=now, **ROLLUP_S)


def scoring(now: datetime) -> Judged:
    oldest = UnscoredTrace.objects.waiting().order_by("id").values_list("marked_at", flat=True).first()
    failed = UnscoredTrace.objects.failed().count()
    return _behind(oldest, failed, "traces", now=now, **SCORING_S)


def worker(now: datetime) -> Judged:
    return _heard(age_s(WORKER, now=now), "worker")


def beat(now: datetime) -> Judged:
    if not settings.CELERY_BROKER_URL:
        return OFF, "Without a broker there are no periodic jobs."
    return _heard(age_s(BEAT, now=now), "periodic job")


def _behind(
    oldest: datetime | None, failed: int, what: str, *, now: datetime, degraded_s: float, failing_s: float
) -> Judged:
    lag = max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
    status = by_age(lag, degraded_s=degraded_s, failing_s=failing_s)
    detail = f"{lag:.0f} s behind."
    if failed:
        return DEGRADED if status == HEALTHY else status, f"{detail} {failed} {what} failed and wait to be looked at."
    return status, detail


def _heard(age: float | None, what: str) -> Judged:
    if age is None:
        return FAILING, f"No {what} has ever been seen."
    return FAILING if age > SILENT_S else HEALTHY, f"The {what} was last seen {age:.0f} s ago."
