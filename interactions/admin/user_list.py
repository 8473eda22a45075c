"""The users of an application: who asks most, who costs most, who fails."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from interactions.admin.links import here, to_user
from interactions.admin.marks import cost_of_sum, latency_dot, latency_title
from interactions.reading.users import OUTLIER_TIMES, SHOWN, SORTS, Users, UserSum, users_since
from observatory.core.time_range import ALL, QUICK_RANGES, quick_range, range_choices
from observatory.projects.models import Project

DEFAULT_RANGE, DEFAULT_SORT = "7d", "requests"


def users_context(request: HttpRequest, project: Project) -> dict[str, Any]:
    now = timezone.now()
    chosen = quick_range(request.GET, now=now, default=DEFAULT_RANGE)
    if chosen.since is None:  # no end of days is kept, and "all" is as many as there are
        chosen = quick_range({"range": "30d" if chosen.key == ALL else DEFAULT_RANGE}, now=now)
    sort = request.GET.get("sort", DEFAULT_SORT)
    sort = sort if sort in SORTS else DEFAULT_SORT
    found = users_since(project.pk, (chosen.since or now).astimezone(UTC).date(), sort=sort)
    return {
        "ranges": range_choices(chosen, lambda key: here(request, range=key, since=None, until=None))[1:-1],
        "sorts": {name: here(request, sort=name) for name in SORTS},
        "sort": sort,
        "found": found,
        "rows": [_row(project, found, one) for one in found.rows],
        "hidden": max(0, found.total - SHOWN),
        "is_shortened": found.first > found.wanted,
        "asked_days": QUICK_RANGES[chosen.key][0],
        "outlier_times": OUTLIER_TIMES,
        "today": datetime.now(UTC).date(),
        "first": datetime.combine(found.first, datetime.min.time(), UTC),
    }


def _row(project: Project, found: Users, one: UserSum) -> dict[str, Any]:
    times = found.times_median(one)
    latency_ms = one.mean_latency_ms
    return {
        "one": one,
        "url": to_user(project, one.user_id),
        "cost": cost_of_sum(one.cost_usd if one.priced else None, one.unpriced, model="the models of this user"),
        "times": f"{times:,.0f}" if times else "",
        "tokens": one.input_tokens + one.output_tokens,
        "latency_ms": latency_ms,
        "latency_dot": latency_dot(latency_ms),
        "latency_title": latency_title(latency_ms),
        "error_percent": f"{one.error_rate:.1%}".replace("%", " %"),
    }
