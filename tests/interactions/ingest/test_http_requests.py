"""HTTP requests that the observed backend answered: known from spans, by template, never by path."""

import itertools

import pytest

from interactions.ingest.http import NO_REQUEST, HttpRequest, http_request, user_type_of
from interactions.models import Span

OLD = {"http.method": "get", "http.route": "/items/{id}", "http.status_code": 404, "http.target": "/items/7"}
NEW = {"http.request.method": "POST", "http.route": "items/<int:id>", "http.response.status_code": 201, "user_type": "Admin"}
serial = itertools.count(1)


def test_old_and_new_names_say_the_same():
    assert http_request(OLD, is_server=True) == HttpRequest("GET", "/items/{id}", 404, None)
    assert http_request(NEW, is_server=False) == HttpRequest("POST", "/items/<int:id>", 201, "admin")


def test_a_call_of_another_service_is_no_request_of_the_backend():
    assert (
        http_request({"http.request.method": "POST", "url.full": "https://api.example.com/v1"}, is_server=False)
        is NO_REQUEST
    )


def test_a_server_span_without_a_route_has_no_endpoint_and_never_a_path():
    found = http_request({"http.request.method": "GET", "url.path": "/wp-login.php"}, is_server=True)
    assert found == HttpRequest("GET", None, None, None)


@pytest.mark.parametrize("status", ["200", 200])
def test_a_status_may_be_a_text(status):
    assert http_request({**OLD, "http.status_code": status}, is_server=True).status == 200


@pytest.mark.parametrize("status", [True, -1, 10**9, "²²²", "abc", [200], None])
def test_what_is_no_status_is_unknown(status):
    assert http_request({**OLD, "http.status_code": status}, is_server=True).status is None


@pytest.mark.parametrize("method", ["PROPFIND", "x" * 500, ["GET"], 7])
def test_an_unknown_method_is_one_word(method):
    assert http_request({**OLD, "http.method": method}, is_server=True).method == "_OTHER"


@pytest.mark.parametrize(
    "role, user_type",
    [
        ("admin", "admin"),
        ("customer", "user"),
        (["viewer", "Administrator"], "admin"),
        ("viewer,staff", "admin"),
        ("anonymous", "anonymous"),
        ("unknown", None),
        ("", None),
        ([], None),
        (7, None),
        ({"a": 1}, None),
    ],
)
def test_a_role_is_an_admin_or_a_user(role, user_type):
    assert user_type_of(role) == user_type


@pytest.mark.parametrize("server", [2, "SPAN_KIND_SERVER"])
def test_a_span_of_opentelemetry_keeps_what_it_answered(send, server):
    number = next(serial)
    span = {
        "traceId": f"{number:032x}", "spanId": f"{number:016x}", "name": "GET", "kind": server,
        "startTimeUnixNano": "1700000000000000000", "endTimeUnixNano": "1700000000020000000",
        "attributes": [{"key": "http.request.method", "value": {"stringValue": "GET"}},
                       {"key": "http.response.status_code", "value": {"intValue": "500"}}],
    }  # fmt: skip
    assert send("/v1/traces", {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]})[0] == 200
    stored = Span.objects.get()
    assert (stored.http_method, stored.http_route, stored.http_status) == ("GET", None, 500)


def test_a_native_span_keeps_what_it_answered(send):
    body = {"trace_id": "1" * 32, "name": "GET", "attributes": NEW}
    assert send("/api/v1/spans", body)[0] == 201
    stored = Span.objects.get()
    assert (stored.http_method, stored.http_route, stored.http_status) == ("POST", "/items/<int:id>", 201)
    assert stored.http_user_type == "admin"
