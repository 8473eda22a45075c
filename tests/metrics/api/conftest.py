"""Three minutes of calls, rolled up, and a client that reads them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

DAY = 1_767_225_600  # 2026-01-01T00:00Z


@pytest.fixture
def calls(facts: dict[int, tuple[Any, ...]], roll: Callable[..., int]) -> None:
    """`m1`: 100, 200, 300 and 400 ms, one of them a minute later; `m2`: 900 ms two hours later; a value is missing."""
    rows = [(1, "m1", 100, "a"), (2, "m1", 200, "b"), (3, "m1", 300, "a"), (61, "m1", 400, "a"), (7_200, "m2", 900, "c")]
    facts.update({number: (DAY + at, model, ms, user) for number, (at, model, ms, user) in enumerate(rows)})
    facts[9] = (DAY + 7_201, "m2", None, "c")
    roll(now=datetime.fromtimestamp(DAY + 86_400, UTC))


@pytest.fixture
def read(shop: Any) -> Callable[..., Any]:
    """`read(path, **parameters)` gets JSON and returns `(status, answer)`; the window is that day if none is given."""
    from django.test import Client

    from observatory.projects.keys import create_key

    key = create_key(project=shop, scopes=["read"])[1]

    def get(path: str = "", **parameters: Any) -> tuple[int, Any]:
        window = {"since": "2026-01-01", "until": "2026-01-02"} if path and "since" not in parameters else {}
        response = Client().get(f"/api/v1/metrics{path}", window | parameters, HTTP_AUTHORIZATION=f"Bearer {key}")
        return response.status_code, response.json()

    return get
