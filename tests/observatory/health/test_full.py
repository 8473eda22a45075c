"""GET /health/full: every component of Observatory and of the application."""

from datetime import timedelta

import pytest
from django.db.utils import OperationalError
from django.test import Client
from django.utils import timezone

from observatory.core.heartbeats import beat
from observatory.health import own
from observatory.health.component import Component, score_of
from observatory.health.full import overall
from observatory.metrics.rollup.run import roll_up
from observatory.projects.keys import create_key
from observatory.projects.models import Project
from observatory.tasks import heartbeat

OWN = ["database", "broker", "worker", "beat", "digest", "roll-up", "scoring", "disk", "machine", "metrics endpoint"]


@pytest.fixture
def shop(db):
    return Project.objects.create(slug="shop")


@pytest.fixture
def headers(shop):
    return {"HTTP_AUTHORIZATION": f"Bearer {create_key(project=shop, scopes=['ingest', 'read'])[1]}"}


@pytest.fixture
def beating(db):
    beat("worker", now=timezone.now())
    heartbeat()


@pytest.fixture
def report(headers):
    def report(minutes_ago=0, **data):
        moment = (timezone.now() - timedelta(minutes=minutes_ago)).isoformat()
        body = {"type": "component.health", "timestamp": moment, "data": data}
        answer = Client().post("/api/v1/events", body, content_type="application/json", **headers)
        assert answer.status_code == 201

    return report


@pytest.fixture
def health(headers):
    def health():
        answer = Client().get("/health/full", **headers)
        assert answer.status_code == 200
        return answer.json()

    return health


def named(components):
    return {one["name"]: one for one in components}


def test_every_component_has_status_detail_and_latency(beating, health):
    found = health()
    assert [one["name"] for one in found["components"]] == OWN
    assert {one["status"] for one in found["components"]} <= {"healthy", "degraded", "unknown"}
    assert all(one["detail"] and one["latency_ms"] >= 0 for one in found["components"])
    assert 0 <= found["score"] <= 100


def test_a_worker_that_is_gone_takes_from_the_score(health):
    found = health()
    assert named(found["components"])["worker"]["status"] == "failing"
    assert found["score"] < 100
    assert found["status"] != "healthy"


def test_a_broker_that_is_away_is_failing_and_the_rest_is_judged(beating, health, monkeypatch):
    def away():
        raise OSError("refused")

    monkeypatch.setattr(own, "waiting_messages", away)
    found = named(health()["components"])
    assert found["broker"]["detail"] == "It cannot be reached (OSError)."
    assert found["digest"]["status"] == "healthy"


def test_a_server_error_of_one_check_does_not_hide_the_others(beating, health, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("locked")

    monkeypatch.setattr(own, "expose", away)
    assert named(health()["components"])["metrics endpoint"]["status"] == "failing"


def test_the_application_reports_its_components(report, health):
    report(component="LLM", status="ok", detail="gpt-4o answers", latency_ms=312.5)
    report(component="circuit breaker", state="open")
    report(component="Redis", status="degraded")
    report(component="x", status="purple")
    found = named(health()["reported"])
    assert found["LLM"] == {
        "name": "LLM", "status": "healthy", "detail": "gpt-4o answers", "latency_ms": 312.5, "state": None,
    }  # fmt: skip
    assert {name: one["status"] for name, one in found.items()} == {
        "LLM": "healthy", "Redis": "degraded", "circuit breaker": "failing", "x": "unknown",
    }  # fmt: skip
    assert found["circuit breaker"]["state"] == "open"


def test_the_latest_report_counts(report, health):
    report(2, component="LLM", status="ok")
    report(3, component="LLM", status="down")
    assert named(health()["reported"])["LLM"]["status"] == "healthy"


def test_an_old_report_is_unknown_and_a_very_old_one_forgotten(report, health):
    report(10, component="LLM", status="ok", detail="fine")
    report(90, component="Redis", status="ok")
    found = named(health()["reported"])
    assert set(found) == {"LLM"}
    assert (found["LLM"]["status"], found["LLM"]["detail"]) == ("unknown", "Last heard of 10 min ago as healthy. fine")


def test_reports_of_another_project_are_not_shown(report, shop):
    report(component="LLM", status="down")
    bank = Project.objects.create(slug="bank")
    key = create_key(project=bank, scopes=["read"])[1]
    assert Client().get("/health/full", HTTP_AUTHORIZATION=f"Bearer {key}").json()["reported"] == []


def test_data_of_any_type_is_taken(report, health):
    report(component="LLM", status=["ok"], detail={"a": 1}, latency_ms="fast", state=7)
    assert named(health()["reported"])["LLM"] == {
        "name": "LLM", "status": "unknown", "detail": "", "latency_ms": None, "state": None,
    }  # fmt: skip


def test_the_machine_of_the_project_is_judged_by_its_score(headers, health):
    data = {"host": "web-1", "cpu_percent": 50, "memory_percent": 40, "disk_percent": 10}
    Client().post("/api/v1/events", {"type": "system.sample", "data": data}, content_type="application/json", **headers)
    roll_up(now=timezone.now())
    machine = named(health()["components"])["machine"]
    assert (machine["status"], machine["detail"]) == ("degraded", "web-1: 66 of 100 in the last five minutes.")


@pytest.mark.parametrize(
    "statuses, score, word",
    [
        (["healthy", "healthy", "off", "unknown"], 100.0, "healthy"),
        (["healthy"] * 9 + ["failing"], 90.0, "warning"),
        (["healthy", "failing"], 50.0, "critical"),
        (["unknown", "off"], None, "healthy"),
    ],
)
def test_the_overall_score_is_the_mean_of_what_is_known(statuses, score, word):
    components = [Component("c", status, "") for status in statuses]
    assert score_of(components) == score
    if score is not None:
        assert overall(components, score) == word


def test_a_parameter_is_refused(headers):
    assert Client().get("/health/full?verbose=1", **headers).status_code == 400
