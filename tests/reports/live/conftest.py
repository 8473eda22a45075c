"""A project with interactions that were asked some seconds ago, and somebody who may look at it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.utils import timezone

serial = count(1)


@pytest.fixture
def shop(db: None) -> Any:
    from observatory.projects.models import Project

    return Project.objects.create(slug="shop", name="Shop")


@pytest.fixture
def ask(shop: Any) -> Callable[..., Any]:
    """`ask(seconds_ago, **columns)` stores an interaction as ingest and digest leave it."""
    from interactions.models import Interaction

    def ask(seconds_ago: float = 0, *, now: datetime | None = None, project: Any = shop, **columns: Any) -> Any:
        asked_at = (now or timezone.now()) - timedelta(seconds=seconds_ago)
        return Interaction.objects.create(
            project=project, asked_at=asked_at, trace_id=f"{next(serial):032x}", query_preview="How?", **columns
        )

    return ask


@pytest.fixture
def viewer(shop: Any, django_user_model: Any) -> Any:
    from observatory.projects.models import Membership

    user = django_user_model.objects.create_user("viewer", password="pw", is_staff=True)
    Membership.objects.create(project=shop, user=user, role=Membership.Role.VIEWER)
    return user
