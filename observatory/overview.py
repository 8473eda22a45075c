"""The first page: what every project received today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from interactions.models import IngestOutcome, Interaction
from observatory.projects.models import Project, Scope


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
    projects = list(projects)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    rows = (
        Interaction.objects.filter(project__in=projects, asked_at__gte=midnight)
        .exchanges()
        .order_by()
        .values("project_id")
        .annotate(interactions=Count("id"), errors=Count("id", filter=Q(is_error=True)))
    )
    counts = {row["project_id"]: row for row in rows}
    received = dict(
        IngestOutcome.objects.filter(project__in=projects)
        .exclude(outcome=IngestOutcome.Outcome.REJECTED)
        .order_by()
        .values_list("project_id")
        .annotate(Max("counted_at"))
    )
    nothing = {"interactions": 0, "errors": 0}
    return [
        ProjectToday(
            project=project,
            interactions=counts.get(project.id, nothing)["interactions"],
            errors=counts.get(project.id, nothing)["errors"],
            last_received_at=received.get(project.id),
        )
        for project in projects
    ]


def key_for_snippet(project: Project, *, now: datetime) -> str:
    """The newest usable ingest key as far as we know it: its prefix, and a word for the part that was shown once."""
    for prefix, scopes in project.keys.usable(now).values_list("prefix", "scopes"):
        if Scope.INGEST in scopes:
            return f"{prefix}_..."
    return "YOUR_KEY"
