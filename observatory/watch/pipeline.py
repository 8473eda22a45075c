"""One look at the pipeline: what waits and since when, how long a chart takes, how the database grows."""

import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Min, OuterRef

from feedback.models import UnscoredTrace
from interactions.models import IngestOutcome, PricingGap, StaleTrace
from interactions.models.trace_mark import TraceMarkQuerySet
from observatory.metrics import catalogue, series
from observatory.metrics.levels import LEVELS
from observatory.metrics.models import StaleBucket
from observatory.metrics.record import Measured
from observatory.metrics.series import Window
from observatory.metrics.size import database_bytes
from observatory.projects.models import Project

DAY = timedelta(days=1)
HOUR_LEVEL = LEVELS[2]
NOTHING_WAITS = {"waiting": 0, "lag": 0, "failed": 0}
PROBED = "interactions.latency"  # what the page of a project asks first


def look(own_id: int, *, now: datetime) -> Iterator[Measured]:
    """Measure everything once. What belongs to no project is the project's of Observatory itself."""
    yield from _projects(now)
    yield from _rollup(own_id, now)
    yield from _database(own_id, now)


def _projects(now: datetime) -> Iterator[Measured]:
    """Of each project in which anything happened within a day or still waits."""
    digest, scoring = _marks(StaleTrace.objects.all(), now), _marks(UnscoredTrace.objects.all(), now)
    gaps = dict(PricingGap.objects.values_list("project_id").annotate(Count("id")))
    received = IngestOutcome.objects.filter(project_id=OuterRef("id"), counted_at__gte=now - DAY)
    active = set(Project.objects.filter(Exists(received)).values_list("id", flat=True))
    for project_id in sorted(active | set(digest) | set(scoring) | set(gaps)):
        for work, marks in (("digest", digest), ("scoring", scoring)):
            for name, value in marks.get(project_id, NOTHING_WAITS).items():
                yield Measured(project_id, f"pipeline.{work}_{name}", value)
        yield Measured(project_id, "pipeline.pricing_gaps", gaps.get(project_id, 0))
        yield Measured(project_id, "pipeline.query_time", _query_ms(project_id, now))


def _marks(marks: TraceMarkQuerySet, now: datetime) -> dict[int, dict[str, float]]:
    """What waits for a follower, and what it gave up, by project."""
    found: dict[int, dict[str, float]] = defaultdict(lambda: dict(NOTHING_WAITS))
    counted = marks.waiting().values_list("project_id").annotate(Count("id"), Min("marked_at"))
    for project_id, waiting, oldest in counted:
        found[project_id] |= {"waiting": waiting, "lag": max(0.0, (now - oldest).total_seconds())}
    for project_id, failed in marks.failed().values_list("project_id").annotate(Count("id")):
        found[project_id]["failed"] = failed
    return found


def _query_ms(project_id: int, now: datetime) -> float:
    """Time the reading of a chart of a day."""
    begun = time.perf_counter()
    series.points(catalogue.metric(PROBED), project_id=project_id, window=Window(now - DAY, now), by=("model",))
    return (time.perf_counter() - begun) * 1000


def _rollup(own_id: int, now: datetime) -> Iterator[Measured]:
    marks = StaleBucket.objects.waiting().values_list("level").annotate(Count("id"), Min("marked_at"))
    found = {level: (waiting, oldest) for level, waiting, oldest in marks}
    for number, name in enumerate([*(level.name for level in LEVELS), "counters"]):
        waiting, oldest = found.get(number, (0, now))
        lag = max(0.0, (now - oldest).total_seconds())
        yield Measured(own_id, "pipeline.rollup_waiting", waiting, {"level": name})
        yield Measured(own_id, "pipeline.rollup_lag", lag, {"level": name})
    yield Measured(own_id, "pipeline.rollup_failed", StaleBucket.objects.failed().count())


def _database(own_id: int, now: datetime) -> Iterator[Measured]:
    size = database_bytes()
    yield Measured(own_id, "pipeline.database_size", size)
    before = _size_a_day_ago(own_id, now)
    if before is not None:
        yield Measured(own_id, "pipeline.database_growth", size - before)


def _size_a_day_ago(own_id: int, now: datetime) -> float | None:
    """The first size of the last day, so that a younger installation shows its growth since it began."""
    metric, window = catalogue.metric("pipeline.database_size"), Window(now - DAY, now)
    points = series.points(metric, project_id=own_id, window=window, level=HOUR_LEVEL).get((), [])
    return points[0].summary.minimum if points else None
