"""A client of a project, sending to a real server, and the server it sends to."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.sdk.scripted import ScriptedServer

if TYPE_CHECKING:
    from observatory.projects.models import Project
    from observatory_client import Client


@pytest.fixture
def project(transactional_db: None) -> "Project":
    from observatory.projects.models import Project  # the conftest is read before Django is set up

    return Project.objects.create(slug="shop", name="Shop")


@pytest.fixture
def key(project: "Project") -> str:
    from observatory.projects.keys import create_key

    return create_key(project=project, scopes=["ingest", "read"])[1]


@pytest.fixture
def make_client() -> Iterator[Callable[..., "Client"]]:
    """`make_client(endpoint, key, **options)`; all are closed at the end."""
    from observatory_client import Client

    made: list[Client] = []

    def make(endpoint: str, key: str = "obs_key", **options: Any) -> Client:
        made.append(Client(endpoint, key, **options))
        return made[-1]

    yield make
    for client in made:
        client.close(timeout_s=0.5)


@pytest.fixture
def client(live_server: Any, key: str, make_client: Callable[..., "Client"]) -> "Client":
    """Sends to Django's live server, on the store of the run."""
    return make_client(live_server.url, key, environment="production", release="1.4.0")


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    """A server that answers as it is told."""
    with ScriptedServer() as server:
        yield server


@pytest.fixture
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The sending thread does not wait between its tries; returns how long it would have waited."""
    from observatory_client.outbox import Outbox

    waited: list[float] = []
    monkeypatch.setattr(Outbox, "pause", lambda self, seconds: waited.append(seconds))
    return waited


@pytest.fixture
def read_trace(key: str) -> Callable[[str], Any]:
    """`read_trace(trace_id)` digests and returns the trace as the API shows it."""
    from django.test import Client as Browser

    from interactions.digest.run import digest_until_empty

    def read(trace_id: str) -> Any:
        digest_until_empty()
        answer = Browser().get(f"/trace/{trace_id}", HTTP_AUTHORIZATION=f"Bearer {key}")
        assert answer.status_code == 200, answer.content
        return answer.json()

    return read
