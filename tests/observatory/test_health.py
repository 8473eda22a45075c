"""Liveness and readiness."""

import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client

from observatory import health


@pytest.fixture(autouse=True)
def forget_migrations(monkeypatch):
    monkeypatch.setattr(health, "_has_seen_all_migrations", False)


@pytest.mark.django_db
def test_ready_when_the_database_answers_and_is_migrated():
    assert [Client().get("/readyz").status_code for _ in range(2)] == [200, 200]


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'interactions' AND name LIKE '0003%'")
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["reason"]) == (503, "1 migrations are not applied.")


def test_alive_but_not_ready_without_a_database(monkeypatch):
    def away():
        raise OperationalError("away")

    monkeypatch.setattr(health, "_missing_migrations", away)
    assert Client().get("/readyz").status_code == 503
    assert Client().get("/livez").json() == {"status": "ok"}
