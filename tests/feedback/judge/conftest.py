"""A fake judge, and the way to it."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from tests.feedback.judge.fake_judge import FakeJudge

KEY = "sk-test-very-secret"


@pytest.fixture
def fake() -> Iterator[FakeJudge]:
    """One for each test: what the test before had under way arrives late, and is none of this one's."""
    with FakeJudge() as one:
        yield one


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedback.quality.judge.session.FIRST_WAIT_S", 0.0)


@pytest.fixture
def ask(fake: FakeJudge, db: None, project) -> Callable[..., Any]:
    """An open judge of this mode."""
    from feedback.quality.judge.budget import Budget
    from feedback.quality.judge.endpoint import Endpoint
    from feedback.quality.judge.open import OpenJudge

    def make(mode: str = "good", *, budget: dict | None = None, **settings) -> OpenJudge:
        values = {"key": KEY, "may_be_private": True, "timeout_s": 5} | settings
        return OpenJudge(
            project.pk, Endpoint(fake.url, mode, **values), Budget(project.pk, date(2026, 1, 1), **budget or {})
        )

    return make
