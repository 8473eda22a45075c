"""The latest interactions that failed."""

from datetime import datetime

from interactions.models import Interaction

FIELDS = ("id", "trace_id", "asked_at", "error_type", "query_preview", "name", "model", "latency_ms")


def latest_failures(
    project_id: int, *, since: datetime, until: datetime, limit: int, model: str = "", environment: str = ""
) -> list[Interaction]:
    """Return failed interactions, the latest first: found by the index `interaction_failed`, never by a scan."""
    failed = Interaction.objects.for_project(project_id).exchanges().filter(is_error=True)
    only = {name: value for name, value in (("model", model), ("environment", environment)) if value}
    return list(failed.filter(asked_at__gte=since, asked_at__lt=until, **only).newest_first().only(*FIELDS)[:limit])
