"""How a whole project did in a window, read from the buckets: exact, and as cheap for a month as for an hour."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from observatory.metrics.api.answers import figures
from observatory.metrics.catalogue import metric
from observatory.metrics.levels import LEVELS
from observatory.metrics.series import Window, comparable, level_for, points
from observatory.stats.summary import Summary, merge

HOUR, DAY = LEVELS[2], LEVELS[3]
HOURLY_UP_TO = timedelta(days=3)
ACTIVITY = timedelta(days=28)  # whole weeks, so that no weekday has more of them
TOKENS = ("input", "output", "cached", "cache_write", "reasoning")
Labels = tuple[str, ...]


def system_statistics(project_id: int, window: Window) -> dict[str, Any]:
    """Return requests, errors, latency, confidence, tokens, cost, models, activity and the trend of the cost.

    `since` is where the first bucket begins that was read: at the window's start, or as much earlier as a bucket is long.
    """
    level, window, before = comparable(metric("interactions.count"), project_id=project_id, window=window)

    def read(name: str, *by: str, over: Window = window) -> dict[Labels, Summary]:
        lines = points(metric(f"interactions.{name}"), project_id=project_id, window=over, by=by, level=level)
        return {labels: merge(point.summary for point in line) for labels, line in lines.items()}

    count, errors, latency, cost = (read(name, "model") for name in ("count", "error_rate", "latency", "cost"))
    tokens = {name: read(f"{name}_tokens", "model") for name in TOKENS}
    return {
        "since": window.start,
        "requests": merge(count.values()).n,
        "error_rate": merge(errors.values()).mean,
        "errors": round(merge(errors.values()).total),
        "sessions": round(merge(read("sessions").values()).distinct),
        "users": round(merge(read("users").values()).distinct),
        "latency_ms": spread(merge(latency.values())),
        "latency_categories": {labels[0]: one.n for labels, one in read("latency_category", "latency_category").items()},
        "confidence": spread(merge(read("confidence").values())),
        "tokens": {name: round(merge(found.values()).total) for name, found in tokens.items()},
        "cost_usd": merge(cost.values()).total if cost else None,
        "priced": merge(cost.values()).n,
        "cost_trend": _cost_trend(project_id, window, merge(cost.values()), merge(read("cost", over=before).values())),
        "models": [
            _model(labels, count, errors, latency, cost, tokens)
            for labels in sorted(count, key=lambda labels: (-count[labels].n, labels))
        ],
        "activity": _activity(project_id, window),
    }


def spread(summary: Summary) -> dict[str, Any] | None:
    """Mean, extremes and percentiles; None of no values."""
    if not summary.n:
        return None
    found = figures(metric("interactions.latency").kind, summary, seconds=1)
    return {name: value for name, value in found.items() if name != "total"}


def _model(
    labels: Labels,
    count: Mapping[Labels, Summary],
    errors: Mapping[Labels, Summary],
    latency: Mapping[Labels, Summary],
    cost: Mapping[Labels, Summary],
    tokens: Mapping[str, Mapping[Labels, Summary]],
) -> dict[str, Any]:
    none = Summary()
    requests = sum(one.n for one in count.values())
    return {
        "model": labels[0],
        "requests": count[labels].n,
        "share": count[labels].n / requests,
        "error_rate": errors.get(labels, none).mean,
        "latency_ms": spread(latency.get(labels, none)),
        "tokens": {name: round(found.get(labels, none).total) for name, found in tokens.items()},
        "cost_usd": cost[labels].total if labels in cost else None,
    }


def _cost_trend(project_id: int, window: Window, now: Summary, before: Summary) -> dict[str, Any]:
    """The cost through time, in hours up to three days, else in days, and against as long a time before."""
    cost = metric("interactions.cost")
    wanted = HOUR if window.end - window.start <= HOURLY_UP_TO else DAY
    kept = level_for(cost, project_id=project_id, window=window)
    level = max(wanted, kept, key=lambda level: level.seconds)
    lines = points(cost, project_id=project_id, window=window, level=level)
    return {
        "resolution": level.name,
        "points": [{"start": one.start, "cost_usd": one.summary.total} for line in lines.values() for one in line],
        "previous_usd": before.total if before.n else None,
        "change": now.total / before.total - 1 if before.total else None,
    }


def _activity(project_id: int, window: Window) -> list[list[int]]:
    """Interactions by weekday (Monday first) and hour, in UTC: of the last 28 days of the window, while kept by the hour."""
    hours = [[0] * 24 for _ in range(7)]
    window = Window(max(window.start, window.end - ACTIVITY), window.end)
    lines = points(metric("interactions.count"), project_id=project_id, window=window, level=HOUR)
    for one in (point for line in lines.values() for point in line):
        hours[one.start.weekday()][one.start.hour] += one.summary.n
    return hours
