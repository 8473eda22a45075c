"""Which series belong to a source of a project."""

from collections import defaultdict

from observatory.metrics import catalogue
from observatory.metrics.models import Series

UNDECLARED = ""  # the source of metrics that nobody declares any more


def series_ids(project_id: int, source: str) -> list[int]:
    """The series of the metrics of a source; of UNDECLARED those that no metric is known of."""
    rows = Series.objects.filter(project_id=project_id)
    if source == UNDECLARED:
        rows = rows.exclude(metric__in=[metric.name for metric in catalogue.metrics()])
    else:
        rows = rows.filter(metric__in=[metric.name for metric in catalogue.sources()[source][1]])
    return list(rows.values_list("id", flat=True))


def series_by_owner() -> dict[tuple[int, str], list[int]]:
    """All series by (project, source)."""
    sources = {metric.name: metric.source.name for metric in catalogue.metrics()}
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    for series_id, project_id, name in Series.objects.values_list("id", "project_id", "metric"):
        found[project_id, sources.get(name, UNDECLARED)].append(series_id)
    return found
