"""Answers in a project, and accounts that review them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def answers(project) -> Callable[..., list[Any]]:
    """`answers(3, confidence=0.4)` stores answers, asked in the hours before NOW."""
    from uuid import uuid4

    from interactions.models import Interaction

    def make(number: int, **values: Any) -> list[Any]:
        whole = {"project": project, "query_preview": "Why?", "answer_preview": "Because."} | values
        rows = [
            Interaction(trace_id=uuid4().hex, asked_at=NOW - timedelta(hours=1, seconds=place), **whole)
            for place in range(number)
        ]
        Interaction.objects.bulk_create(rows)
        return rows

    return make


@pytest.fixture
def queue(project, answers) -> Callable[..., list[Any]]:
    """`queue(3, wanted=2)` puts answers into the queue."""
    from feedback.models import ReviewItem

    def make(number: int, **values: Any) -> list[Any]:
        whole = {"project": project, "reason": "random", "sample_rate": 1.0, "drawn_at": NOW} | values
        rows = [
            ReviewItem(interaction_id=one.interaction_id, trace_id=one.trace_id, asked_at=one.asked_at, **whole)
            for one in answers(number)
        ]
        ReviewItem.objects.bulk_create(rows)
        return list(ReviewItem.objects.filter(project=project).order_by("id"))

    return make


@pytest.fixture
def account(db) -> Callable[[str], int]:
    from django.contrib.auth.models import User

    return lambda name: User.objects.create_user(name).pk
