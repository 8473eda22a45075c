"""Answers of a shop, and what is said of them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone


@pytest.fixture
def answers(send: Any) -> dict[str, UUID]:
    """Answers by their question: "q0" is the oldest; all but the last one in session "s" of user "u"."""
    from interactions.digest.run import digest_until_empty
    from interactions.models import Interaction

    for number in range(6):
        where = {"session_id": "s", "user_id": "u"} if number < 5 else {}
        body = {"query": f"q{number}", "answer": f"a{number}", "model": "m", "passages": ["Passage."], **where}
        assert send("/api/v1/interactions", body | {"asked_at": f"2026-03-01T10:0{number}:00Z"})[0] == 201
    digest_until_empty()
    return dict(Interaction.objects.values_list("query_preview", "interaction_id"))


@pytest.fixture
def say(project: Any, answers: dict[str, UUID]) -> Callable[..., None]:
    """`say("q1", source, name, value=2, ...)`: a verdict on an answer."""
    from feedback.ids import id_of
    from feedback.scores import Verdict, write
    from interactions.models import Interaction

    def say(question: str, source: Any, name: str, **more: Any) -> None:
        verdict = Verdict(
            id_of(question, source, name, more.get("user_id"), more.get("version")),
            source,
            name,
            more.pop("at", datetime(2026, 3, 1, 11, tzinfo=UTC)),
            **more,
        )
        one = Interaction.objects.get(project=project, interaction_id=answers[question])
        write(project.pk, [verdict.about(one)], now=timezone.now())

    return say
