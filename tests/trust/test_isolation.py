"""A project comes from the key (or, for people, a membership) and from nothing else; foreign and unknown look alike."""

import base64
import itertools
import json
import uuid
from typing import Any

import pytest

from feedback.models import Score
from interactions.models import Erasure, Event, IngestOutcome, Interaction, Span
from tests.trust.bare_client import BareClient
from tests.trust.conftest import OUR_INTERACTION, OUR_SESSION, OUR_TRACE, THEIR_SESSION, THEIR_TRACE, THEIR_USER, Team
from tests.trust.objects import NO_ID, model_of, objects_of, values_for
from tests.trust.routes import admin_routes, api_routes
from tests.trust.test_route_matrix import QUERIES, bodies, stored

pytestmark = pytest.mark.django_db
INGEST = sorted(bodies())
# Pages that are about no project.
WITHOUT_A_PROJECT = {
    ("GET", "/admin/jsi18n/"),
    ("POST", "/admin/login/"),
    ("POST", "/admin/logout/"),
}
# Routes that take a body and no data: the scope that opens them.
SCOPES = {
    "/api/v1/erasures": "manage",
    "/api/v1/evaluations": "manage",
    "/api/v1/evaluations/plan": "manage",
    "/api/v1/metrics/query": "read",
}
FORMS = {
    "bearer": lambda key: {"HTTP_AUTHORIZATION": f"Bearer {key}"},
    "basic": lambda key: {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(f"pk-anything:{key}".encode()).decode()},
    "bare": lambda key: {"HTTP_AUTHORIZATION": key},
    "x-api-key": lambda key: {"HTTP_X_API_KEY": key},
}


def post(path: str, body: object, **headers: str):
    return BareClient().post(path, data=body, content_type="application/json", **headers)


def store_rated(team: Team) -> None:
    """The interaction that the body of a rating names."""
    post("/api/v1/interactions", {"id": OUR_INTERACTION, "query": "q"}, **team.headers("ingest"))


def test_every_route_that_takes_data_has_a_body_here():
    takes = {route.pattern for route in api_routes() if route.takes_keys and "POST" in route.methods}
    assert takes == set(INGEST)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", INGEST)
def test_a_key_is_understood_in_every_form_and_refused_in_every_form(team, path, form):
    key = team.keys[SCOPES.get(path, "ingest")]
    store_rated(team)
    assert post(path, bodies()[path], **FORMS[form](key)).status_code in {200, 201, 202, 207}
    for name in ("revoked", "expired"):
        assert post(path, bodies()[path], **FORMS[form](team.keys[name])).status_code == 401
    assert post(path, bodies()[path], **FORMS[form]("obs_12345678_nonsense")).status_code == 401


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Basic", "Basic !!!", "Basic " + base64.b64encode(b"\xff\xfe:\xff").decode(), "Basic bm9jb2xvbg==",
     "Digest x", "\x01", "é", "Bearer \x00", "Bearer " + "k" * 7000],
)  # fmt: skip
def test_a_broken_authorization_header_is_401(team, header):
    assert post("/api/v1/interactions", {"query": "q"}, HTTP_AUTHORIZATION=header).status_code == 401


@pytest.mark.parametrize("path", INGEST)
def test_a_project_in_the_body_the_query_or_a_header_changes_nothing(team, path):
    store_rated(team)
    names = ("project", "project_id", "projectId", "project_slug", "tenant")
    body = bodies()[path] | dict.fromkeys(names, team.theirs.pk) | {"project": "theirs"}
    headers = {f"HTTP_X_{name.upper()}": str(team.theirs.pk) for name in names}
    headers |= {
        "HTTP_X_OPENLIT_PROJECT_ID": str(team.theirs.pk),
        "HTTP_X_LANGFUSE_PUBLIC_KEY": "theirs",
        "HTTP_HOST": "localhost",
    }
    query, key = f"?project=theirs&project_id={team.theirs.pk}", team.headers(SCOPES.get(path, "ingest"))
    status = post(f"{path}{query}", body, **headers, **key).status_code
    assert status < 300 or (path in SCOPES and status == 400)
    for model in (Span, Interaction, Event, IngestOutcome, Erasure, Score):
        assert not model.objects.filter(project_id=team.theirs.pk).exists()


def test_attributes_that_name_a_project_change_nothing(team):
    names = ("project_id", "langfuse.project.id", "openinference.project.name", "tenant.id")
    attributes = [{"key": name, "value": {"stringValue": str(team.theirs.pk)}} for name in names]
    body = bodies()["/v1/traces"]
    body["resourceSpans"][0]["resource"] = {"attributes": attributes}
    body["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["attributes"] = attributes
    assert post("/v1/traces", body, **team.headers("ingest")).status_code == 200
    assert [span.project_id for span in Span.objects.all()] == [team.ours.pk]


@pytest.mark.parametrize("pattern", ["/api/v1/traces/{}", "/trace/{}", "/api/v1/sessions/{}"])
def test_foreign_and_unknown_get_the_same_answer(team, facts, pattern):
    theirs, ours = (THEIR_SESSION, OUR_SESSION) if "sessions" in pattern else (THEIR_TRACE, OUR_TRACE)
    known = BareClient().get(pattern.format(ours), **team.headers("read"))
    foreign = BareClient().get(pattern.format(theirs), **team.headers("read"))
    unknown = BareClient().get(pattern.format("3" * 32), **team.headers("read"))
    assert known.status_code == 200
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert foreign.content == unknown.content
    assert dict(foreign.headers) == dict(unknown.headers)


@pytest.mark.parametrize("path", ["/api/v1/interactions", "/api/v1/traces", "/metrics"])
def test_a_list_holds_the_own_project_only(team, facts, path):
    for key, mark, other in (("read", b"our-secret", b"their-secret"), ("foreign", b"their-secret", b"our-secret")):
        content = BareClient().get(path, **team.headers(key)).content
        assert mark in content or path == "/metrics"
        assert other not in content


def test_a_cursor_of_another_project_opens_nothing(team, facts):
    for number in range(3):
        post("/api/v1/interactions", {"query": f"their-secret {number}"}, **team.headers("foreign"))
    cursor = json.loads(BareClient().get("/api/v1/interactions?limit=1", **team.headers("foreign")).content)["next"]
    assert b"their-secret" not in BareClient().get(f"/api/v1/interactions?cursor={cursor}", **team.headers("read")).content


@pytest.mark.parametrize("path", ["interactions", "events", "spans"])
def test_the_same_id_in_two_projects_is_two_records(team, path):
    body = bodies()[f"/api/v1/{path}"]
    ours = post(f"/api/v1/{path}", body, **team.headers("ingest"))
    theirs = post(f"/api/v1/{path}", body | {"user_id": "other"}, **team.headers("foreign"))
    assert (ours.status_code, theirs.status_code) == (201, 201)
    assert ours.content == theirs.content


def test_no_page_of_a_member_shows_the_other_project(team, people, facts):
    client = BareClient()
    client.force_login(people["viewer"])
    opened = 0
    for route in admin_routes():
        values = {"object_id": 1, "id": 1, "content_type_id": 1, "app_label": "interactions", "url": ""}
        for query in ("", f"?id={OUR_TRACE}", f"?id={OUR_SESSION}", "?project=ours", f"?id={THEIR_TRACE}", "?q=secret"):
            page = client.get(route.path(**values) + query)
            opened += page.status_code == 200
            content = b"".join(page)  # of a stream, too
            assert b"their-secret" not in content
            assert b"Theirs" not in content
    assert opened > 20


def test_foreign_and_unknown_pages_look_alike(team, people, facts):
    theirs = Interaction.objects.filter(project=team.theirs).first()
    key = team.theirs.keys.first()
    outcome = IngestOutcome.objects.filter(project=team.theirs).first()
    pairs = [
        ("/admin/interactions/interaction/{}/change/", theirs.pk),
        ("/admin/interactions/interaction/{}/change/?project=theirs", theirs.pk),
        ("/admin/interactions/interaction/trace/?id={}", THEIR_TRACE),
        ("/admin/interactions/interaction/trace/?project=theirs&id={}", THEIR_TRACE),
        ("/admin/interactions/interaction/trace/?format=json&id={}", THEIR_TRACE),
        ("/admin/interactions/interaction/session/?id={}", THEIR_SESSION),
        ("/admin/interactions/interaction/session/?project=theirs&id={}", THEIR_SESSION),
        ("/admin/interactions/interaction/user/?id={}", THEIR_USER),
        ("/admin/interactions/interaction/user/?project=theirs&id={}", THEIR_USER),
        ("/admin/projects/apikey/{}/change/", key.pk),
        ("/admin/interactions/ingestoutcome/{}/change/", outcome.pk),
    ]
    client = BareClient()
    client.force_login(people["owner"])
    for pattern, foreign in pairs:
        unknown = 999_999_999 if isinstance(foreign, int) else uuid.uuid4().hex
        answers = [client.get(pattern.format(one), HTTP_ACCEPT="text/html") for one in (foreign, unknown)]
        assert answers[0].status_code == answers[1].status_code in {302, 404}, pattern
        contents = [
            answer.content.replace(str(one).encode(), b"") for answer, one in zip(answers, (foreign, unknown), strict=True)
        ]
        assert contents[0] == contents[1], pattern


MEMBERS = ("viewer", "editor", "owner")


@pytest.mark.parametrize("member", MEMBERS)
def test_a_foreign_project_in_the_url_is_an_unknown_one_on_every_page(team, people, facts, member):
    client, ours = BareClient(), objects_of(team.ours)
    client.force_login(people[member])
    before, opened = stored(), set()
    for route in admin_routes():
        path = route.path(**values_for(ours.get(model_of(route), NO_ID)))
        for method in ("GET", "POST"):
            found = {
                slug: client.generic(method, f"{path}?project={slug}&{query_of(route.pattern)}")
                for slug in ("theirs", "no-such-project", "%00", "'; --")
            }
            assert_alike(found, f"{method} {path}")
            if found["theirs"].status_code == 200:
                opened.add((method, route.pattern))
        client.force_login(people[member])  # after the route that logs out
    assert stored() == before
    assert opened <= WITHOUT_A_PROJECT


@pytest.mark.parametrize("member", MEMBERS)
def test_a_foreign_row_is_an_unknown_one_on_every_page(team, people, facts, member):
    client, theirs = BareClient(), objects_of(team.theirs)
    client.force_login(people[member])
    before, asked = stored(), 0
    for route in admin_routes():
        if model_of(route) not in theirs:
            continue
        for method, query in itertools.product(("GET", "POST"), ("", "?project=ours")):
            found = {
                number: client.generic(method, route.path(**values_for(number)) + query)
                for number in (theirs[model_of(route)], NO_ID)
            }
            assert_alike(found, f"{method} {route.pattern}{query}")
            assert {answer.status_code for answer in found.values()} <= {302, 403, 404, 405}
            asked += 1
    assert stored() == before
    assert asked > 100


def query_of(pattern: str) -> str:
    """The rest of the query with which the matrix opens our own page."""
    return QUERIES.get(pattern, "").removeprefix("?").replace("project=ours", "")


def assert_alike(found: dict[object, Any], what: str) -> None:
    """The same status, and the same refusal but for what was asked for."""
    assert len({answer.status_code for answer in found.values()}) == 1, (what, found)
    refused = {
        answer.content.replace(f"/{asked}/".encode(), b"")
        for asked, answer in found.items()
        if answer.status_code in {403, 404}
    }
    assert len(refused) <= 1, what
