"""Which series belong to a source of a project."""

from collections import defaultdict

from django.db import connection

from observatory.metrics import catalogue
from observatory.metrics.models import Series

UNDECLARED = ""  # the source of metrics that nobody declares any more


def series_ids(project_id: int, source: str) -> list[int]:
    """The series of the metrics of a source; of UNDECLARED those that no metric is known of."""
    metrics = catalogue.metrics() if source == UNDECLARED else catalogue.sources()[source][1]
    names = [metric.name for metric in metrics]
    among = f"{'NOT ' if source == UNDECLARED else ''}IN ({', '.join(['%s'] * len(names))})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM {Series._meta.db_table} WHERE project_id = %s AND metric {among}",  # noqa: S608
            [project_id, *names],
        )
        return [series_id for (series_id,) in cursor.fetchall()]


def series_by_owner() -> dict[tuple[int, str], list[int]]:
    """All series by (project, source)."""
    sources = {metric.name: metric.source.name for metric in catalogue.metrics()}
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    for series_id, project_id, name in Series.objects.values_list("id", "project_id", "metric"):
        found[project_id, sources.get(name, UNDECLARED)].append(series_id)
    return found
