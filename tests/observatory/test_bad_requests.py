"""A request that Django refuses before any view: JSON for programs, a page for people."""

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
