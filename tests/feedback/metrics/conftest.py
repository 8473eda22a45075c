"""Scores of a shop, written as all are, and what the metrics make of them."""

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
def score(shop: Any) -> Callable[..., None]:
    """`score(source, name, value, minutes_ago=5, **fields)` writes one verdict on an answer of its own."""
    from feedback.models import Source
    from feedback.scores import Verdict, write

    def score(source: str, name: str, value: float | None = None, *, minutes_ago: float = 5, **fields: Any) -> None:
        at = NOW - timedelta(minutes=minutes_ago)
        usual = {"interaction_id": uuid4(), "model": "gpt-4o-mini", "environment": "production"}
        verdict = Verdict(f"{next(serial)}", Source[source], name, at, value=value, **{**usual, **fields})
        write(shop.pk, [verdict], now=NOW)

    return score


@pytest.fixture
def summary(shop: Any) -> Callable[..., Any]:
    """`summary(metric, by=...)` is what the last day of a metric holds, once all is rolled up; with `by` by label."""
    from observatory.metrics import catalogue, series
    from observatory.metrics.rollup.run import roll_up
    from observatory.metrics.series import Window
    from observatory.stats.summary import Summary

    def summary(name: str, *, by: str = "") -> Any:
        roll_up(now=NOW)
        window = Window(NOW - timedelta(hours=24), NOW)
        labels = (by,) if by else ()
        found = series.summaries(catalogue.metric(name), project_id=shop.pk, window=window, by=labels)
        return {key[0]: one for key, one in found.items()} if by else found.get((), Summary())

    return summary
