"""Three models for some days: one with cached tokens, one dear, one without a price; two users."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from tests.store import undone

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)  # a Wednesday


@pytest.fixture
def shop(db: None) -> Any:
    from observatory.projects.models import Project

    return Project.objects.create(slug="shop", name="Shop")


@pytest.fixture
def spend(shop: Any) -> Callable[..., None]:
    """`spend(days, models=...)` stores an interaction of each model and user an hour of each of the last days."""
    return partial(spend_in, shop.id)


def spend_in(
    project_id: int, days: int, *, models: dict[str, dict[str, Any]] | None = None, users: int = 2, hours: int = 24
) -> None:
    """What `spend` does, in a project."""
    from interactions.digest.run import digest_until_empty
    from interactions.digest.user_days import refresh
    from interactions.ingest.native.batch import parse_all
    from interactions.ingest.native.interaction import parse_interaction
    from interactions.ingest.store import store
    from interactions.models import Price
    from observatory.metrics.rollup.run import roll_up

    Price.objects.get_or_create(model="dear", defaults={"input": 10, "output": 20, "cached": 1})
    Price.objects.get_or_create(model="cheap", defaults={"input": 1, "output": 2})
    models = models or {"dear": {"cached_tokens": 500}, "cheap": {}, "in-house": {}}
    items = [
        {
            "id": f"a0000000-0000-0000-{place:04x}-{day:06x}{hour:02x}{user:04x}",
            "query": "q",
            "asked_at": (NOW - timedelta(days=day, hours=hour, minutes=30)).isoformat(),
            "model": model,
            "user_id": f"user-{user}",
            "input_tokens": 2000,
            "output_tokens": 100,
            "latency_ms": 500,
            **more,
        }
        for day in range(days)
        for hour in range(hours)
        for user in range(users)
        for place, (model, more) in enumerate(models.items())
    ]
    for start in range(0, len(items), 500):
        placed, refusals = parse_all(items[start : start + 500], parse_interaction, now=NOW)
        assert refusals == []
        store(project_id=project_id, signal="interactions", now=NOW, records=[one for _, one in placed], refusals=refusals)
    digest_until_empty()
    refresh()
    roll_up(now=NOW)


@pytest.fixture(scope="module")
def eight_days(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """A shop with eight days of all, made once for a file whose tests all ask for it; each test undoes its own."""
    with django_db_blocker.unblock(), undone():
        from observatory.projects.models import Project

        project = Project.objects.create(slug="shop", name="Shop")
        spend_in(project.id, 8)
        with django_db_blocker.block():  # until a test asks for it
            yield project


@pytest.fixture
def ask(shop: Any) -> Callable[..., Any]:
    """`ask(name, hours=24)` is what a panel answers for the time before NOW."""

    def answer(name: str, *, hours: int = 24, **only: str) -> Any:
        from observatory.metrics.series import Window
        from reports.panels.asked import Asked
        from reports.panels.catalogue import panel

        return panel(name).answer(Asked(shop.id, Window(NOW - timedelta(hours=hours), NOW), NOW, only))

    return answer
