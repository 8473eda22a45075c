"""How far scoring is behind the digest."""

from datetime import datetime

from django.db.models import Count, Min, Q

from feedback.models import UnscoredTrace
from interactions.models.trace_mark import MAX_FAILURES
from interactions.reading.followers import Backlog, register_follower

SHOWN = 20
# It keeps to a third of a core, so a burst takes it a while.
FRESH_S, LATE_S = 120.0, 600.0


def read(project_id: int, now: datetime) -> Backlog:
    marks = UnscoredTrace.objects.filter(project_id=project_id)
    failed = Q(failures__gte=MAX_FAILURES)
    state = marks.aggregate(
        waiting=Count("id", filter=~failed), oldest=Min("marked_at", filter=~failed), failed=Count("id", filter=failed)
    )
    return Backlog(
        "Scoring of answers",
        state["waiting"],
        max(0.0, (now - state["oldest"]).total_seconds()) if state["oldest"] else 0.0,
        state["failed"],
        list(marks.failed().order_by("-marked_at", "-id")[:SHOWN]) if state["failed"] else [],
        "Their answers have no estimate, or an old one. Remove the cause, then try again:",
        "./observatory.sh manage estimate --all",
        FRESH_S,
        LATE_S,
    )


def register() -> None:
    register_follower(read)
