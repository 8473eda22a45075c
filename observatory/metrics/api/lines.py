"""The answer for one metric: its lines, each with points and summary."""

from datetime import UTC, datetime
from typing import Any

from observatory.metrics.api.answers import figures, metric_dict, point_dict
from observatory.metrics.api.asked import Asked, level_of
from observatory.metrics.catalogue import Metric
from observatory.metrics.series import groups_of, points
from observatory.stats.summary import merge


def answer(metric: Metric, asked: Asked, *, project_id: int) -> dict[str, Any]:
    """Return the points of each combination of labels with its summary, the largest first, and the summary of all."""
    groups = groups_of(metric, project_id=project_id, where=asked.where, by=asked.by)
    level = level_of(asked, metric, project_id=project_id, lines=len(set(groups.values())))
    lines = points(metric, project_id=project_id, window=asked.window, where=asked.where, by=asked.by, level=level)
    since = datetime.fromtimestamp(level.start_of(asked.window.start.timestamp()), UTC)
    seconds = (asked.window.end - since).total_seconds()
    summaries = {labels: merge(point.summary for point in line) for labels, line in lines.items()}
    return {
        "metric": metric_dict(metric),
        "since": since,
        "until": asked.window.end,
        "resolution": level.name,
        "resolution_s": level.seconds,
        "summary": figures(metric.kind, merge(summaries.values()), seconds=seconds),
        "series": [
            {
                "labels": dict(zip(asked.by, labels, strict=True)),
                "summary": figures(metric.kind, summaries[labels], seconds=seconds),
                "points": [point_dict(metric.kind, point) for point in lines[labels]],
            }
            for labels in sorted(lines, key=lambda labels: (-summaries[labels].n, labels))
        ],
    }
