"""Errors outside the API: a page for people, the one JSON shape for programs."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("method", "path", "status", "code"), [("post", "/", 403, "forbidden"), ("get", "/nowhere", 404, "not_found")]
)
def test_programs_get_json(method, path, status, code):
    response = getattr(Client(enforce_csrf_checks=True), method)(path)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)


def test_people_get_a_page():
    response = Client(enforce_csrf_checks=True).post("/admin/login/", HTTP_ACCEPT="text/html")
    assert response.status_code == 403
    assert response["Content-Type"].startswith("text/html")
