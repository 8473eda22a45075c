"""Errors outside the API: a page for people, the one JSON shape for programs."""

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [("post", "/admin/login/", 403, "forbidden"), ("get", "/nowhere", 404, "not_found")],
)
def test_programs_get_json(method, path, status, code):
    response = getattr(Client(enforce_csrf_checks=True), method)(path)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)


def test_people_get_a_page():
    response = Client(enforce_csrf_checks=True).post("/admin/login/", HTTP_ACCEPT="text/html")
    assert response.status_code == 403
    assert response["Content-Type"].startswith("text/html")


@pytest.fixture
def locked(monkeypatch):
    """No session can be stored."""

    def save(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(SessionStore, "save", save)


@pytest.mark.parametrize(("accept", "said"), [("text/html", "The database is busy"), ("application/json", "unavailable")])
def test_a_busy_store_is_no_fault(locked, accept, said):
    User.objects.create_superuser("mia", password="right")
    client = Client(raise_request_exception=False)
    response = client.post("/admin/login/", {"username": "mia", "password": "right"}, HTTP_ACCEPT=accept)
    assert (response.status_code, response["Retry-After"]) == (503, "2")
    assert said in response.content.decode()


def test_nor_is_one_that_is_busy_after_the_view(admin_client, locked, settings):
    settings.SESSION_SAVE_EVERY_REQUEST = True
    admin_client.raise_request_exception = False
    assert admin_client.get("/admin/login/", HTTP_ACCEPT="text/html").status_code == 503


def test_another_fault_is_one(admin_client, monkeypatch):
    monkeypatch.setattr("observatory.api_page.body", lambda origin: 1 / 0)
    admin_client.raise_request_exception = False
    assert admin_client.get("/api/").status_code == 500
