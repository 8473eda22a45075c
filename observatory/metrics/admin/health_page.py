"""How the metrics themselves are doing, on the screen."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from observatory.core.moments import moment_of
from observatory.metrics.catalogue import MAX_SERIES
from observatory.metrics.failures import job_failures
from observatory.metrics.health import (
    LEVEL_NAMES,
    MOST_COUNTED,
    failed_buckets,
    horizons_by_source,
    level_states,
    series_states,
)
from observatory.metrics.levels import DAY_S, LEVELS
from observatory.metrics.models import Horizon
from observatory.projects.frame import with_frame
from observatory.projects.models import Project

FRESH_LAG_S, LATE_LAG_S = 30, 300


def health_context(request: HttpRequest, project: Project, *, now: datetime) -> dict[str, Any]:
    states = level_states(project.id, now=now)
    series = series_states(project.id)
    lag_s = max(state.lag_s for state in states)
    return {
        "levels": [(state, state.lag_s * 1000, _keep(number)) for number, state in enumerate(states)],
        "waiting": sum(state.waiting for state in states),
        "failed_count": sum(state.failed for state in states),
        "lag_ms": lag_s * 1000,
        "lag_mark": "good" if lag_s < FRESH_LAG_S else "warn" if lag_s < LATE_LAG_S else "bad",
        "failed": [(mark, LEVEL_NAMES[mark.level], _moment(mark.start)) for mark in failed_buckets(project.id)],
        "retry_url": with_frame(reverse("admin:metrics_health_retry"), request, project=project.slug),
        "job_failures": job_failures(project.id),
        "series": series,
        "series_count": sum(state.series for state in series),
        "overflowed": sum(state.has_overflowed for state in series),
        "most_counted": MOST_COUNTED,
        "max_series": MAX_SERIES,
        "horizon_levels": ["facts", *(level.name for level in LEVELS)],
        "horizons": [
            (source, [(_name(level), _moment(until.get(level))) for level in (Horizon.FACTS, *range(len(LEVELS)))])
            for source, until in horizons_by_source(project.id).items()
        ],
    }


def _keep(number: int) -> str:
    """How long the buckets of a level are kept."""
    keep_s = LEVELS[number].keep_s if number < len(LEVELS) else None
    return "for good" if keep_s is None else f"{keep_s // DAY_S} days"


def _name(level: int) -> str:
    return "facts" if level == Horizon.FACTS else LEVELS[level].name


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else moment_of(seconds)
