"""Two projects with the same ids in them, a key of every sort, and a person of every sort."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from observatory.projects.models import Project
    from tests.trust.afterwards import Ledger
    from tests.trust.live import Caller

pytest.register_assert_rewrite("tests.trust.afterwards")
OUR_TRACE, THEIR_TRACE = "1" * 32, "2" * 32
OUR_SESSION, THEIR_SESSION = "our-session", "their-session"
OUR_INTERACTION, OUR_FEEDBACK = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
OUR_USER, THEIR_USER = "our-secret", "their-secret"
ALL_SCOPES = ("ingest", "feedback", "read", "manage")


@dataclass
class Team:
    """`keys`: one a scope, and three with all scopes: another project's, a revoked one, an expired one."""

    ours: "Project"
    theirs: "Project"
    keys: dict[str, str] = field(default_factory=dict)
    people: dict[str, Any] = field(default_factory=dict)

    def headers(self, name: str) -> dict[str, str]:
        return {"HTTP_AUTHORIZATION": f"Bearer {self.keys[name]}"} if name in self.keys else {}


@pytest.fixture
def team(db) -> Team:
    """Projects and keys. `people` adds persons, `facts` data."""
    return make_team()


def make_team() -> Team:
    from django.utils import timezone

    from observatory.projects.keys import create_key, revoke
    from observatory.projects.models import Project

    made = Team(*(Project.objects.create(slug=slug, name=slug.title()) for slug in ("ours", "theirs")))
    now = timezone.now()
    for scope in ALL_SCOPES:
        made.keys[scope] = create_key(project=made.ours, scopes=[scope])[1]
    made.keys["foreign"] = create_key(project=made.theirs, scopes=ALL_SCOPES)[1]
    row, made.keys["revoked"] = create_key(project=made.ours, scopes=ALL_SCOPES)
    revoke([row], now=now)
    _, made.keys["expired"] = create_key(project=made.ours, scopes=ALL_SCOPES, expires_at=now - timedelta(seconds=1))
    return made


@pytest.fixture
def people(team: Team) -> dict[str, Any]:
    from django.contrib.auth.models import User

    from observatory.projects.models import Membership

    def member(name: str, project: Any, role: str) -> User:
        user = User.objects.create_user(name, is_staff=True)
        Membership.objects.create(project=project, user=user, role=role)
        return user

    team.people = {
        "nobody": None,
        "visitor": User.objects.create_user("visitor"),  # has a login, but is not staff
        "viewer": member("viewer", team.ours, "viewer"),
        "editor": member("editor", team.ours, "editor"),
        "owner": member("owner", team.ours, "owner"),
        "foreign": member("foreign", team.theirs, "owner"),
        "superuser": User.objects.create_superuser("root"),
    }
    return team.people


@pytest.fixture
def facts(team: Team) -> None:
    """A trace of two spans, a native interaction and an event in each project, digested."""
    store_facts(team)


def store_facts(team: Team) -> None:
    from django.test import Client

    from interactions.digest.run import digest_until_empty

    for key, trace, session, mark in (
        ("ingest", OUR_TRACE, OUR_SESSION, "our-secret"),
        ("foreign", THEIR_TRACE, THEIR_SESSION, "their-secret"),
    ):
        spans = [
            {"trace_id": trace, "span_id": "a" * 16, "name": "chain", "kind": "chain", "input": mark, "session_id": session},
            {
                "trace_id": trace,
                "span_id": "b" * 16,
                "parent_span_id": "a" * 16,
                "name": "llm",
                "kind": "llm",
                "output": mark,
            },
        ]
        own_id = {"id": OUR_INTERACTION} if key == "ingest" else {}
        native = {**own_id, "query": mark, "answer": mark, "session_id": session, "user_id": mark, "model": "gpt-4o"}
        for path, body in (("spans", spans), ("interactions", native), ("events", {"type": mark, "trace_id": trace})):
            response = Client().post(f"/api/v1/{path}", data=body, content_type="application/json", **team.headers(key))
            assert response.status_code in {201, 207}, response.content
    digest_until_empty()


@pytest.fixture(scope="session")
def server(django_db_setup: None) -> Iterator[int]:
    """The product behind a real server; the port."""
    from django.conf import settings

    from tests.trust.live import served

    with served(settings.OBSERVATORY["OBSERVATORY_MAX_BODY_BYTES"]) as port:
        yield port


@pytest.fixture
def caller(server: int, transactional_db: None, team: Team) -> Iterator["Caller"]:
    """Speaks to the server with our ingest key. The database is real: what is committed stays until the test ends."""
    from tests.trust.live import Caller

    made = Caller(server, team.keys["ingest"])
    yield made
    made.close()


@pytest.fixture
def ledger() -> "Ledger":
    from tests.trust.afterwards import Ledger

    return Ledger()
