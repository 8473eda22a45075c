"""Calls of the last hours, rolled up, and a client that opens pages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest


@pytest.fixture
def calls(facts: dict[int, tuple[Any, ...]], roll: Callable[..., int]) -> None:
    """An hour ago and now, of the models `m1` and `<m2>`."""
    from django.utils import timezone

    now = timezone.now()
    at = [(now - timedelta(minutes=minutes)).timestamp() for minutes in (1, 2, 90, 91)]
    rows = [(at[0], "m1", 100, "a"), (at[1], "<m2>", 300, "b"), (at[2], "m1", 500, "a"), (at[3], "m1", 700, "c")]
    facts.update(dict(enumerate(rows)))
    roll(now=now)


@pytest.fixture
def page(admin_client: Any) -> Callable[..., str]:
    """`page(path, **query)` opens a page below the metrics and returns its text."""

    def open_page(path: str = "", **query: str) -> str:
        answer = admin_client.get(f"/admin/metrics/series/{path}", {"project": "shop", **query})
        assert answer.status_code == 200
        return answer.content.decode()

    return open_page
