"""Liveness and readiness."""

from datetime import timedelta

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import OperationalError
from django.test import Client
from django.utils import timezone

from interactions.models import StaleTrace
from observatory.core.heartbeats import beat
from observatory.health import ready
from observatory.metrics.models import StaleBucket
from observatory.projects.own import own_project
from observatory.tasks import heartbeat


@pytest.fixture(autouse=True)
def forget_migrations(monkeypatch):
    monkeypatch.setattr(ready, "_has_seen_all_migrations", False)


@pytest.fixture
def beating(db):
    beat("worker", now=timezone.now())
    heartbeat()


def long_ago(minutes):
    return timezone.now() - timedelta(minutes=minutes)


def readiness():
    answer = Client().get("/readyz")
    return answer.status_code, answer.json()


def test_ready_when_the_database_answers_and_is_migrated(beating):
    assert [readiness() for _ in range(2)] == [(200, {"status": "ok"})] * 2


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing():
    MigrationRecorder.Migration.objects.filter(app="interactions").order_by("-name").first().delete()
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["reason"]) == (503, "1 migrations are not applied.")


def test_alive_but_not_ready_without_a_database(monkeypatch):
    def away():
        raise OperationalError("away")

    monkeypatch.setattr(ready, "missing_migrations", away)
    assert Client().get("/readyz").status_code == 503
    assert Client().get("/livez").json() == {"status": "ok"}


@pytest.mark.django_db
def test_a_worker_that_was_never_seen_degrades_and_refuses_no_traffic():
    status, answer = readiness()
    assert (status, answer["status"], set(answer["degraded"])) == (200, "degraded", {"worker", "beat"})


def test_a_worker_that_fell_silent_degrades(beating):
    beat("worker", now=long_ago(2))
    assert set(readiness()[1]["degraded"]) == {"worker"}


def test_what_waits_for_long_degrades(beating):
    StaleTrace.objects.create(project=own_project(), trace_id="1" * 32, marked_at=long_ago(2))
    StaleBucket.objects.create(project=own_project(), source="events", start=0, marked_at=long_ago(5))
    status, answer = readiness()
    assert (status, set(answer["degraded"])) == (200, {"digest", "roll_up"})
    assert answer["degraded"]["digest"] == "120 s behind."


def test_what_waits_for_a_moment_is_no_matter(beating):
    StaleTrace.objects.create(project=own_project(), trace_id="1" * 32, marked_at=timezone.now())
    StaleBucket.objects.create(project=own_project(), source="events", start=0, marked_at=long_ago(1))
    assert readiness()[1] == {"status": "ok"}


def test_what_failed_degrades(beating):
    StaleTrace.objects.create(project=own_project(), trace_id="1" * 32, marked_at=timezone.now(), failures=5)
    assert "1 traces failed" in readiness()[1]["degraded"]["digest"]


def test_without_a_broker_nobody_waits_for_beat(db, settings):
    settings.CELERY_BROKER_URL = None
    beat("worker", now=timezone.now())
    assert readiness()[1] == {"status": "ok"}
