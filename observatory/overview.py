"""The first page: what every project received today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Sum

from interactions.models import IngestOutcome
from observatory.metrics import catalogue
from observatory.metrics.levels import LEVELS
from observatory.metrics.models import Series
from observatory.projects.models import Project, Scope

COUNT = "interactions.count"
HOUR = LEVELS[2]


@dataclass(frozen=True, slots=True)
class ProjectToday:
    """A project's day so far (UTC). `last_received_at` is None while nothing ever came."""

    project: Project
    interactions: int
    errors: int
    last_received_at: datetime | None

    @property
    def error_share(self) -> float | None:
        return self.errors / self.interactions if self.interactions else None


def projects_today(projects: Iterable[Project], *, now: datetime) -> list[ProjectToday]:
    """Counted from buckets of hours: as cheap for a million interactions as for ten."""
    projects = list(projects)
    counts = _counts_since(now.replace(hour=0, minute=0, second=0, microsecond=0), projects)
    received = dict(
        IngestOutcome.objects.filter(project__in=projects)
        .exclude(outcome=IngestOutcome.Outcome.REJECTED)
        .order_by()
        .values_list("project_id")
        .annotate(Max("counted_at"))
    )
    return [
        ProjectToday(
            project=project,
            interactions=sum(n for (project_id, _), n in counts.items() if project_id == project.id),
            errors=counts.get((project.id, "error"), 0),
            last_received_at=received.get(project.id),
        )
        for project in projects
    ]


def _counts_since(since: datetime, projects: Iterable[Project]) -> dict[tuple[int, str], int]:
    """Interactions by project and status."""
    place = [label.name for label in catalogue.metric(COUNT).labels].index("status")
    series = Series.objects.filter(metric=COUNT, project__in=projects).values_list("id", "project_id", "labels")
    names = {series_id: (project_id, labels[place]) for series_id, project_id, labels in series if len(labels) > place}
    rows = HOUR.rows.filter(series__in=names, start__gte=since.timestamp()).order_by().values_list("series_id")
    found: dict[tuple[int, str], int] = {}
    for series_id, n in rows.annotate(Sum("n")):
        found[names[series_id]] = found.get(names[series_id], 0) + n
    return found


def key_for_snippet(project: Project, *, now: datetime) -> str:
    """The newest usable ingest key as far as we know it: its prefix, and a word for the part that was shown once."""
    for prefix, scopes in project.keys.usable(now).values_list("prefix", "scopes"):
        if Scope.INGEST in scopes:
            return f"{prefix}_..."
    return "YOUR_KEY"
