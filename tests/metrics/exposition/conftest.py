"""A real server with a project of its own, for tests that scrape it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.trust.conftest import Team
    from tests.trust.live import Caller


@pytest.fixture(scope="module")
def server(django_db_setup: None) -> Iterator[int]:
    """The product behind a real server; the port."""
    from django.conf import settings

    from tests.trust.live import served

    with served(settings.OBSERVATORY["OBSERVATORY_MAX_BODY_BYTES"]) as port:
        yield port


@pytest.fixture
def team(transactional_db: None) -> "Team":
    from tests.trust.conftest import make_team

    return make_team()


@pytest.fixture
def caller(server: int, team: "Team") -> Iterator["Caller"]:
    """Speaks to the server with the ingest key."""
    from tests.trust.live import Caller

    made: Any = Caller(server, team.keys["ingest"])
    yield made
    made.close()
