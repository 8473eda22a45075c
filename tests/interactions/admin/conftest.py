"""A project with data that came through the store and was digested, as in life.

Imports of models stand in the fixtures: pytest may read this file before Django is set up.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone


@pytest.fixture
def shop(db: None) -> Any:
    from observatory.projects.models import Project

    return Project.objects.create(slug="shop", name="Shop")


@pytest.fixture
def bank(db: None) -> Any:
    from observatory.projects.models import Project

    return Project.objects.create(slug="bank", name="Bank")


@pytest.fixture
def send(db: None) -> Callable[..., None]:
    """Store objects of the native API and digest them: `send(project, "spans", {...}, ...)`."""
    return send_to


def send_to(project: Any, signal: str, *items: dict[str, Any]) -> None:
    """What `send` does, where a whole file has its data."""
    from interactions.digest.run import digest_until_empty
    from interactions.ingest.native.batch import parse_all
    from interactions.ingest.native.interaction import parse_interaction
    from interactions.ingest.native.span import parse_span
    from interactions.ingest.store import store

    now, parse = timezone.now(), {"interactions": parse_interaction, "spans": parse_span}[signal]
    placed, refusals = parse_all(items, parse, now=now)
    records = [record for _, record in placed]
    store(project_id=project.id, signal=signal, now=now, records=records, refusals=refusals)
    digest_until_empty()


@pytest.fixture
def moment() -> Callable[..., str]:
    """ISO text of a moment some seconds ago."""
    now = timezone.now()
    return lambda seconds_ago=0: (now - timedelta(seconds=seconds_ago)).isoformat()
