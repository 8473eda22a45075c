"""Answers to be judged."""

from datetime import timedelta
from uuid import UUID

from feedback.models import UnscoredTrace
from interactions.digest.run import digest_until_empty
from interactions.ingest.native.batch import parse_all
from interactions.ingest.native.interaction import parse_interaction
from interactions.ingest.store import store
from tests.feedback.batches.conftest import NOW


def store_answers(project, number: int, **values) -> None:
    items = [
        {
            "id": str(UUID(int=place + 1)),
            "query": f"question {place}",
            "answer": f"The answer to {place} is yes.",
            "asked_at": (NOW - timedelta(minutes=number - 1 - place)).isoformat(),
            "model": "even" if place % 2 == 0 else "odd",
            **values,
        }
        for place in range(number)
    ]
    placed, refusals = parse_all(items, parse_interaction, now=NOW)
    assert refusals == []
    records = [one for _, one in placed]
    store(project_id=project.id, signal="interactions", now=NOW, records=records, refusals=refusals)
    digest_until_empty()
    UnscoredTrace.objects.all().delete()
