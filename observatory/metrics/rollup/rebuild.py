"""Rebuilding buckets: every minute that has facts, or a bucket made of them, is marked stale again."""

from django.db import transaction
from django.utils import timezone

from observatory.metrics import catalogue
from observatory.metrics.levels import LEVELS
from observatory.metrics.models import Series, StaleBucket
from observatory.metrics.staleness import mark_buckets
from observatory.projects.models import Project


def mark_if_never_rolled_up() -> int:
    """Mark everything where facts are older than the roll-up itself: after the update that brought it."""
    if Series.objects.exists() or StaleBucket.objects.exists():
        return 0
    return mark_all_stale()


def mark_all_stale() -> int:
    """Mark the minutes of every source and project, and return how many. Sealed buckets stay: their facts are gone."""
    marked = 0
    for project_id in Project.objects.values_list("id", flat=True):
        for source, metrics in catalogue.sources().values():
            minutes = {int(at.timestamp()) // 60 * 60 for at in source.times(project_id)}
            series = Series.objects.filter(project_id=project_id, metric__in=[metric.name for metric in metrics])
            # A bucket whose facts were erased has no fact that would name its minute.
            for level in LEVELS[:-1]:
                minutes |= set(level.rows.filter(series__in=series, is_sealed=False).values_list("start", flat=True))
            with transaction.atomic():
                StaleBucket.objects.failed().filter(project_id=project_id, source=source.name).delete()
                mark_buckets([(project_id, source.name, 0, start) for start in sorted(minutes)], now=timezone.now())
            marked += len(minutes)
    return marked
