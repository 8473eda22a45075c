"""Hostile values in every query parameter, path and header of the reading side: refused or answered, never 5xx."""

import itertools
import random
from collections.abc import Iterable

import pytest
from django.contrib.auth.models import User

from tests.trust import parameters
from tests.trust.bare_client import BareClient
from tests.trust.conftest import OUR_SESSION, OUR_TRACE, OUR_USER
from tests.trust.routes import admin_routes, api_routes

pytestmark = pytest.mark.django_db
API_NAMES = (
    "session_id",
    "user_id",
    "model",
    "environment",
    "release",
    "prompt_name",
    "prompt_version",
    "category",
    "tag",
    "min_latency_ms",
    "max_cost_usd",
    "status",
    "since",
    "until",
    "q",
    "limit",
    "cursor",
    "format",
    "__class__",
)
METRIC_NAMES = ("since", "until", "by", "where", "resolution")
METRIC_PATHS = (
    "/api/v1/metrics",
    "/api/v1/metrics/interactions.latency",
    "/api/v1/statistics/system",
    "/api/v1/statistics/users/u1",
)
SAID_NAMES = (
    "interaction_id session_id user_id model min_rating max_rating has_comment name source state environment since until "
    "limit cursor"
).split()
SAID_PATHS = ("/api/v1/feedback", "/api/v1/scores", "/feedback/summary")
PATHS = (
    "/",
    "/api/",
    "/api/v1/interactions",
    "/api/v1/traces",
    "/api/schema/",
    "/metrics",
    "/livez",
    "/readyz",
    "/health/full",
)
# The filters of the lists are read by the same function as those of the API.
PAGE_NAMES = (
    "project range since q model tag min_cost_usd limit cursor id span format p o all e next "
    "_changelist_filters _to_field _popup project__id__exact"
).split()


def answer_of(client: BareClient, path: str, **headers: str) -> int:
    """The status, where a query is given raw: the test client would quote it again."""
    path, _, query = path.partition("?")
    return client.generic("GET", path, QUERY_STRING=query, **headers).status_code


@pytest.mark.parametrize("path", PATHS)
def test_no_parameter_of_the_api_makes_a_fault(team, facts, path):
    client = BareClient(raise_request_exception=False)
    takes_filters = path in {"/api/v1/interactions", "/api/v1/traces"}
    for name, value in itertools.product(API_NAMES, parameters.VALUES if takes_filters else parameters.FEW):
        status = answer_of(client, f"{path}?{name}={value}", **team.headers("read"))
        assert status in {200, 302, 400, 404}, (path, name, value, status)
    assert answer_of(client, path, **team.headers("read")) in {200, 302}


@pytest.mark.parametrize("path", METRIC_PATHS)
def test_no_parameter_of_a_metric_makes_a_fault(team, facts, path):
    client = BareClient(raise_request_exception=False)
    for name, value in itertools.product(METRIC_NAMES, parameters.VALUES):
        for text in (value, f"model:{value}") if name == "where" else (value,):
            status = answer_of(client, f"{path}?{name}={text}", **team.headers("read"))
            assert status in {200, 400}, (path, name, value, status)


@pytest.mark.parametrize("path", SAID_PATHS)
def test_no_parameter_of_what_is_said_makes_a_fault(team, facts, path):
    client = BareClient(raise_request_exception=False)
    for name in SAID_NAMES:
        for value in (*parameters.FEW, *random.Random(path + name).sample(parameters.VALUES, 15)):
            status = answer_of(client, f"{path}?{name}={value}", **team.headers("read"))
            assert status in {200, 400}, (path, name, value, status)


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_no_parameter_of_a_page_makes_a_fault(team, people, facts, name):
    client = BareClient(raise_request_exception=False)
    client.force_login(people["superuser"])
    base = {
        "/admin/interactions/interaction/trace/": f"id={OUR_TRACE}&project=ours&",
        "/admin/interactions/interaction/session/": f"id={OUR_SESSION}&project=ours&",
        "/admin/interactions/interaction/user/": f"id={OUR_USER}&project=ours&",
    }
    for route in admin_routes():
        if "<" in route.pattern or "logout" in route.pattern:
            continue
        is_own = "interactions/in" in route.pattern or route.pattern == "/admin/"
        others = random.Random(route.pattern + name).sample(parameters.VALUES, 3)
        values = (*parameters.FEW, *others) if is_own else parameters.FEW[:2]
        _open_with(client, route.pattern, base.get(route.pattern, ""), name, values)


def _open_with(client: BareClient, path: str, base: str, name: str, values: Iterable[str]) -> None:
    for value in values:
        status = answer_of(client, f"{path}?{base}{name}={value}")
        assert status in {200, 302, 400, 403, 404, 405}, (path, name, value, status)


def test_no_path_makes_a_fault(team, people, facts):
    client = BareClient(raise_request_exception=False)
    client.force_login(people["superuser"])
    routes = [route for route in (*api_routes(), *admin_routes()) if "<" in route.pattern]
    for route, value in itertools.product(routes, parameters.VALUES):
        is_ours = not route.is_admin or "interactions/interaction" in route.pattern
        if not is_ours and value not in parameters.FEW:
            continue
        names = (
            "trace_id",
            "session_id",
            "user_id",
            "name",
            "erasure_id",
            "evaluation_id",
            "feedback_id",
            "object_id",
            "id",
            "content_type_id",
            "app_label",
            "url",
        )
        path = route.path(**dict.fromkeys(names, value))
        status = answer_of(client, path, **({} if route.is_admin else team.headers("read")))
        assert status in {200, 302, 400, 403, 404, 405}, (path, status)


def test_the_same_hostile_paths_through_the_real_server(caller, team):
    caller.key = team.keys["read"]
    for value in parameters.VALUES:
        for path in ("api/v1/traces/", "trace/", "api/v1/sessions/", "api/v1/traces?q=", "admin/?project=", "", "static/"):
            caller("GET", f"/{path}{value}")
    assert caller.faults == []


HEADERS = (
    "Authorization X-Api-Key Accept Accept-Language Cookie Origin Host X-Forwarded-Host X-Forwarded-Proto Content-Type "
    "Content-Encoding If-None-Match Range X-HTTP-Method-Override"
).split()


@pytest.mark.parametrize("name", HEADERS)
def test_no_header_makes_a_fault(caller, team, name):
    caller.key = team.keys["ingest"]
    values = (
        "",
        " ",
        "\xff",
        "é" * 10,
        "x" * 8000,
        "\x7f",
        "text/html",
        "null",
        "*",
        ";;;",
        "bytes=0-1",
        "a" * 100 + "=",
        "sessionid=\xff; csrftoken=",
        "Bearer",
    )
    for value in values:
        for method, path in (
            ("GET", "/api/v1/traces"),
            ("POST", "/v1/traces"),
            ("POST", "/api/metrics/client"),
            ("OPTIONS", "/api/metrics/client"),
            ("GET", "/admin/login/"),
        ):
            caller(method, path, b"{}" if method == "POST" else None, {name: value.encode("latin-1")}, f"{name}: {value!r}")
    assert caller.faults == []


@pytest.mark.parametrize("value", ["\x00", "a\x00b", "\ud800", "x" * 5_000, "' OR 1=1 --", "{{7*7}}", ""])
def test_no_login_makes_a_fault(client, db, value):
    User.objects.create_user("mia", password="right")
    for name, password in ((value, "right"), ("mia", value), (value, value)):
        response = client.post(
            "/admin/login/",
            {
                "username": name.encode("utf-8", "replace"),
                "password": password.encode("utf-8", "replace"),
                "next": value.encode("utf-8", "replace"),
            },
        )
        assert response.status_code in {200, 400}
