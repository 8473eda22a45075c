"""A shop with interactions and events that came through the store, were digested and rolled up, as in life."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone


@pytest.fixture
def shop(db: None) -> Any:
    from observatory.projects.models import Project

    return Project.objects.create(slug="shop", name="Shop")


@pytest.fixture
def keep(shop: Any) -> Callable[..., None]:
    """`keep(interactions=[...], events=[...])` stores objects of the native API, digests them and rolls up."""
    return partial(keep_in, shop.id)


def keep_in(project_id: int, *, interactions: list[dict[str, Any]] = (), events: list[dict[str, Any]] = ()) -> None:
    """What `keep` does, in a project."""
    from interactions.digest.run import digest_until_empty
    from interactions.ingest.native.batch import parse_all
    from interactions.ingest.native.event import parse_event
    from interactions.ingest.native.interaction import parse_interaction
    from interactions.ingest.store import store
    from observatory.metrics.rollup.run import roll_up

    now = timezone.now()
    for signal, items, parse in (("interactions", interactions, parse_interaction), ("events", events, parse_event)):
        placed, refusals = parse_all(items, parse, now=now)
        store(project_id=project_id, signal=signal, now=now, records=[one for _, one in placed], refusals=refusals)
    digest_until_empty()
    roll_up(now=timezone.now() + timedelta(seconds=1))


@pytest.fixture
def interaction() -> Callable[..., dict[str, Any]]:
    """One of some minutes ago."""
    return partial(interaction_at, timezone.now())


def interaction_at(now: datetime, minutes_ago: float = 5, **fields: Any) -> dict[str, Any]:
    asked_at = (now - timedelta(minutes=minutes_ago)).isoformat()
    usual = {"model": "gpt-4o-mini", "input_tokens": 100, "output_tokens": 50, "latency_ms": 800, "session_id": "s1"}
    return {"query": "How?", "answer": "So.", "timestamp": asked_at, "user_id": "u1", **usual, **fields}


@pytest.fixture
def asked(shop: Any) -> Callable[..., Any]:
    """What the last day is asked."""
    from observatory.metrics.series import Window
    from reports.panels.asked import Asked

    def make(now: datetime | None = None, **only: str) -> Any:
        now = now or timezone.now() + timedelta(seconds=1)
        return Asked(shop.id, Window(now - timedelta(hours=24), now), now, only)

    return make
