"""Security headers on every route, whoever asks and whatever the answer is."""

import pytest
from django.test import Client

from tests.trust.conftest import OUR_SESSION, OUR_TRACE
from tests.trust.routes import all_routes

pytestmark = pytest.mark.django_db
EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
}
VALUES = {
    "trace_id": OUR_TRACE, "session_id": OUR_SESSION, "object_id": 1, "id": 1, "content_type_id": 1,
    "app_label": "interactions", "url": "nothing", "user_id": "u", "name": "interactions.count", "erasure_id": 1,
    "evaluation_id": 1,
    "feedback_id": "f",
}  # fmt: skip


@pytest.mark.parametrize("who", ["nobody", "superuser"])
def test_every_route_sends_the_security_headers(team, people, facts, who):
    client = Client(raise_request_exception=False)
    if who == "superuser":
        client.force_login(people["superuser"])
    for route in all_routes():
        for method in ("GET", "POST", "OPTIONS", "DELETE"):
            hold(client.generic(method, route.path(**VALUES), **({} if route.is_admin else team.headers("read"))))


@pytest.mark.parametrize(
    "path", ["/nothing", "/admin/nothing", "/api/v1/nothing", "/static/nothing.js", "/%00", "/" + "x" * 5000]
)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_errors_send_the_security_headers(client, path, accept):
    response = client.get(path, HTTP_ACCEPT=accept)
    assert response.status_code in {302, 404}
    hold(response)


def test_a_form_without_its_token_is_refused_with_the_headers(people):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["superuser"])
    for path in ("/admin/projects/apikey/add/", "/admin/logout/", "/admin/auth/user/add/"):
        response = client.post(path, {"name": "x"})
        assert response.status_code == 403
        hold(response)


def test_cookies_are_for_the_server_only(people):
    response = Client().get("/admin/login/")
    assert {name: (cookie["httponly"], cookie["samesite"]) for name, cookie in response.cookies.items()} == {
        "csrftoken": (True, "Lax")
    }


def test_a_host_that_is_not_ours_is_refused(client):
    response = client.get("/admin/login/", HTTP_HOST="evil.example")
    assert response.status_code == 400
    assert b"evil.example" not in response.content


def hold(response) -> None:
    where = f"{response.request['REQUEST_METHOD']} {response.request['PATH_INFO']}: {response.status_code}"
    headers = response.headers
    for name, value in EXPECTED.items():
        assert headers.get(name) == value, f"{where}: {name}"
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert "unsafe" not in str(policy), where
    assert "*" not in str(policy), where
    assert policy | POLICY == policy, where
    assert "no-store" in headers["Cache-Control"], where
    assert "Server" not in headers, where
