"""Facts of a project, rolled up, and panels asked about them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
serial = count(1)


@pytest.fixture
def shop(db: None) -> Any:
    from observatory.projects.models import Project

    return Project.objects.create(slug="shop", name="Shop")


@pytest.fixture
def tell(shop: Any) -> Callable[..., None]:
    """`tell(type, minutes_ago, data)` stores an event of the shop, or of `project`."""
    from interactions.models import Event
    from observatory.metrics.staleness import mark

    def tell(kind: str, minutes_ago: float, data: Any = None, *, project: Any = shop, **columns: Any) -> None:
        at = NOW - timedelta(minutes=minutes_ago)
        Event.objects.create(
            project=project, event_id=f"{next(serial)}", type=kind, occurred_at=at, body_hash=0, data=data or {}, **columns
        )
        mark([(project.pk, "events", at.timestamp())], now=NOW)

    return tell


@pytest.fixture
def ask(shop: Any) -> Callable[..., None]:
    """`ask(question, minutes_ago)` stores an interaction of the shop, as ingest and digest leave it."""
    from interactions.models import Interaction
    from observatory.metrics.staleness import mark

    def ask(question: str, minutes_ago: float = 5, **columns: Any) -> None:
        at = NOW - timedelta(minutes=minutes_ago)
        trace = f"{next(serial):032x}"
        Interaction.objects.create(project=shop, asked_at=at, trace_id=trace, query_preview=question, **columns)
        mark([(shop.pk, "interactions", at.timestamp())], now=NOW)

    return ask


@pytest.fixture
def verdicts() -> list[Any]:
    """What `score` made and `write` has not written yet."""
    return []


@pytest.fixture
def score(verdicts: list[Any]) -> Callable[..., None]:
    """`score(source, name, value, minutes_ago)` makes a verdict on an answer of its own, which `answer` writes."""
    from feedback.models import Source
    from feedback.scores import Verdict

    def score(source: str, name: str, value: float | None = None, minutes_ago: float = 5, **fields: Any) -> None:
        at = NOW - timedelta(minutes=minutes_ago)
        usual = {"interaction_id": uuid4(), "model": "gpt-4o-mini", "environment": "production"}
        verdicts.append(Verdict(f"{next(serial)}", Source[source], name, at, value=value, **{**usual, **fields}))

    return score


@pytest.fixture
def rolled_up(shop: Any, verdicts: list[Any]) -> Callable[[], None]:
    """`rolled_up()` writes the verdicts and rolls all up."""
    from feedback.scores import write
    from observatory.metrics.rollup.run import roll_up

    def rolled_up() -> None:
        write(shop.pk, verdicts, now=NOW)
        verdicts.clear()
        roll_up(now=NOW)

    return rolled_up


@pytest.fixture
def answer(shop: Any, rolled_up: Callable[[], None]) -> Callable[..., Any]:
    """`answer(panel)` is what a panel says of the last `hours`, once all is rolled up."""

    def answer(name: str, *, hours: float = 24, project: Any = shop, **only: str) -> Any:
        from observatory.metrics.series import Window
        from reports import boards  # noqa: F401  (declares all panels)
        from reports.panels.asked import Asked
        from reports.panels.catalogue import panel

        rolled_up()
        return panel(name).answer(Asked(project.pk, Window(NOW - timedelta(hours=hours), NOW), NOW, only))

    return answer
