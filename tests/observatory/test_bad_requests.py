"""A request that Django refuses before any view: JSON for programs, a page for people."""

import io
import logging

import pytest
from django.test import Client


@pytest.mark.parametrize("path", ["/v1/traces", "/api/v1/interactions", "/livez"])
def test_a_wrong_host_is_told_in_the_error_shape(path):
    response = Client().get(path, HTTP_HOST="elsewhere.example")
    assert (response.status_code, response["Content-Type"]) == (400, "application/json")
    assert response.json()["error"]["code"] == "bad_request"
    assert b"elsewhere" not in response.content


def test_a_browser_gets_a_page():
    response = Client().get("/admin/login/", HTTP_HOST="elsewhere.example", HTTP_ACCEPT="text/html")
    assert (response.status_code, response["Content-Type"].partition(";")[0]) == (400, "text/html")


@pytest.mark.parametrize("path", ["/", "/livez", "/readyz", "/api/"])
@pytest.mark.parametrize("method", ["POST", "DELETE", "OPTIONS"])
def test_what_is_only_read_takes_no_other_method(path, method):
    response = Client(enforce_csrf_checks=True).generic(method, path)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert response.json()["error"]["code"] == "method_not_allowed"


def test_a_refused_request_is_one_line_of_the_log(monkeypatch):
    logged = io.StringIO()
    (stderr,) = (one for one in logging.getLogger().handlers if one.get_name() == "stderr")
    monkeypatch.setattr(stderr, "stream", logged)
    Client().get("/livez", HTTP_HOST="elsewhere.example")
    assert len(logged.getvalue().splitlines()) == 1
    assert "elsewhere.example" in logged.getvalue()
