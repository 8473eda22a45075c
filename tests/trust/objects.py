"""A row of each sort that has a page of its own in the admin."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tests.trust.routes import Route

NO_ID = 999_999_999
NO_UUID = UUID(int=NO_ID)


def objects_of(project: Any) -> dict[str, int]:
    """The primary key of a row of this project, by the name of its model in the routes. Needs the fixture `facts`."""
    from feedback.models import Batch, Canary, ReviewItem, Score
    from interactions.models import ArchiveFile, Erasure, IngestOutcome, Interaction, Repricing
    from observatory.metrics.models import Series
    from reports.models import Board

    day = datetime(2026, 1, 1, tzinfo=UTC)
    found = {
        "apikey": project.keys.first(),
        "project": project,
        "interaction": Interaction.objects.filter(project=project).first(),
        "series": Series.objects.create(project=project, metric="interactions.users", labels_key="[]"),
        "ingestoutcome": IngestOutcome.objects.filter(project=project).first(),
        "erasure": Erasure.objects.create(project=project, kind="user", subject_hash="0", requested_by="test"),
        "archivefile": ArchiveFile.objects.create(
            project=project, kind="spans", day=day.date(), name="spans.parquet", rows=1, size_bytes=1, written_at=day
        ),
        "repricing": Repricing.objects.create(project=project, since=day, until=day, status="done", requested_by="test"),
        "batch": Batch.objects.create(project=project, evaluators=["estimate"], status="done", requested_by="test"),
        "board": Board.objects.create(project=project, title="A board"),
        "score": Score.objects.create(
            project=project, score_id="s", source=0, name="rating", value=1, at=day, scored_at=day
        ),
        "reviewitem": ReviewItem.objects.create(
            project=project, interaction_id=NO_UUID, trace_id="", reason="chosen", asked_at=day, drawn_at=day
        ),
        "canary": Canary.objects.create(
            project=project, name="A canary", question="q", answer="a", is_good=True, created_at=day
        ),
    }
    return {name: thing.pk for name, thing in found.items()}


def shared_objects(user: Any) -> dict[str, int]:
    """Rows that belong to no project, and the page of this user."""
    from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

    from interactions.models import Price

    interval = IntervalSchedule.objects.create(every=1, period="hours")
    found = {
        "user": user,
        "intervalschedule": interval,
        "crontabschedule": CrontabSchedule.objects.create(),
        "periodictask": PeriodicTask.objects.create(name="job", task="job", interval=interval),
        "price": Price.objects.create(model="m", input=1, output=1),
    }
    return {name: thing.pk for name, thing in found.items()}


def model_of(route: Route) -> str:
    """The model in the path of an admin route that is about one row; else ""."""
    parts = route.pattern.split("/")
    return parts[3] if len(parts) > 3 and "<" in route.pattern and "<" not in parts[3] else ""


def values_for(object_id: int | None) -> dict[str, object]:
    """What stands for the parameters of an admin path."""
    return {
        "object_id": object_id,
        "id": object_id,
        "content_type_id": 1,
        "app_label": "interactions",
        "url": "no-such-page",
    }
