"""A source of facts in memory, so that a test says which facts there are and only the buckets are stored."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest


@pytest.fixture
def shop(db: None) -> Any:
    from observatory.projects.models import Project

    return Project.objects.create(slug="shop", name="Shop")


@pytest.fixture
def facts(monkeypatch: pytest.MonkeyPatch) -> dict[int, tuple[Any, ...]]:
    """Facts by id, `(Unix seconds, model, ms, user)`: the catalogue knows metrics of these and of nothing else."""
    from observatory.metrics import catalogue
    from observatory.metrics.catalogue import Exposed, Kind, Label, Metric, Prometheus, Source

    stored: dict[int, tuple[Any, ...]] = {}

    def rows(project_id: int, start: datetime, end: datetime) -> list[tuple[Any, ...]]:
        window = (start.timestamp(), end.timestamp())
        found = [fact for fact in stored.values() if window[0] <= fact[0] < window[1]]
        return [(datetime.fromtimestamp(fact[0], UTC), *fact[1:]) for fact in found]

    def times(project_id: int) -> list[datetime]:
        return [datetime.fromtimestamp(fact[0], UTC) for fact in stored.values()]

    source = Source("calls", "Calls.", ("at", "model", "ms", "user"), rows, times)
    histogram = Prometheus("calls_seconds", Exposed.HISTOGRAM, scale=0.001, boundaries=(100.0, 1_000.0))
    counter = Prometheus("calls_total", Exposed.COUNTER, labels=(("model", "model"),))
    model = Label("model", cap=3)
    own = [
        Metric("test.calls", "1", "Calls.", Kind.COUNT, source, labels=(model,), prometheus=(counter,)),
        Metric("test.time", "ms", "Time.", Kind.DISTRIBUTION, source, "ms", (model,), prometheus=(histogram,)),
        Metric("test.cost", "usd", "Cost.", Kind.SUM, source, lambda row: row.ms and row.ms / 7),
        Metric("test.level", "ms", "Level.", Kind.GAUGE, source, "ms"),
        Metric("test.slow", "share", "Slow.", Kind.PROPORTION, source, lambda row: row.ms and row.ms > 500),
        Metric("test.users", "1", "Users.", Kind.DISTINCT, source, "user"),
    ]
    monkeypatch.setattr(catalogue, "_METRICS", {metric.name: metric for metric in own})
    return stored


@pytest.fixture
def roll(shop: Any, facts: dict[int, tuple[Any, ...]]) -> Callable[..., int]:
    """Mark the minutes of some times (default: of all facts) and roll up."""
    from observatory.metrics.rollup.run import roll_up
    from observatory.metrics.staleness import mark

    def roll(*times: float, now: datetime = datetime(2026, 3, 1, tzinfo=UTC)) -> int:
        mark([(shop.id, "calls", at) for at in times or [fact[0] for fact in facts.values()]], now=now)
        return roll_up(now=now)

    return roll
