"""How far back the raw facts of a project reach: so many days, or so many gigabytes of a kind, whichever is less."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Count
from django.db.models.functions import TruncDay

from interactions.models import Payload, SharedText, SharedTextUse
from interactions.raw_data.kinds import KINDS, Kind
from observatory.metrics.size import TableSize, table_sizes
from observatory.projects.models import MAX_RETENTION_DAYS, Project

GB = 1_000_000_000
DAY = timedelta(days=1)


def cutoff(project: Project, kind: Kind, *, now: datetime, sizes: dict[str, TableSize] | None = None) -> datetime:
    """Return the midnight (UTC) before which facts of the kind go. The running day never does."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    days = min(project.retention_days or settings.OBSERVATORY[kind.days], MAX_RETENTION_DAYS)
    oldest_kept = today - timedelta(days=days)
    most = (project.retention_gb or settings.OBSERVATORY["OBSERVATORY_RETENTION_GB"]) * GB
    return max(oldest_kept, _by_size(project, kind, bytes_a_row(kind, sizes), most, oldest_kept, today))


def _by_size(project: Project, kind: Kind, each: float, most: int, since: datetime, today: datetime) -> datetime:
    kept = kind.rows.filter(project_id=project.pk, **{f"{kind.time}__gte": since})
    if kept.count() * each <= most:
        return since
    days = kept.annotate(day=TruncDay(kind.time, tzinfo=UTC)).values_list("day").annotate(rows=Count("*")).order_by("-day")
    used = 0.0
    for day, rows in days:
        used += rows * each
        if used > most:
            return today if day >= today else day + DAY
    return since


def bytes_a_row(kind: Kind, sizes: dict[str, TableSize] | None = None) -> float:
    """About how much a row of the kind takes, with its indexes and its share of the texts."""
    sizes = table_sizes() if sizes is None else sizes
    table = sizes[kind.model._meta.db_table]
    each = table.size_bytes / max(1, table.rows)
    if not kind.has_payload:
        return each
    users = sum(sizes[one.model._meta.db_table].rows for one in KINDS.values() if one.has_payload)
    texts = sum(sizes[model._meta.db_table].size_bytes for model in (Payload, SharedText, SharedTextUse))
    return each + texts / max(1, users)


def project_bytes(project_id: int) -> dict[str, int]:
    """About how much each kind of a project takes."""
    sizes = table_sizes()
    return {
        name: round(kind.rows.filter(project_id=project_id).count() * bytes_a_row(kind, sizes))
        for name, kind in KINDS.items()
    }
