"""Machines and components that report themselves (M1, M5, F5)."""

from datetime import UTC, datetime, timedelta

import pytest

from interactions.metrics.system import component_health, health_score, health_word
from observatory.metrics import catalogue, series
from observatory.metrics.rollup.run import roll_up
from observatory.metrics.series import Window
from observatory.projects.own import own_project

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WINDOW = Window(NOW - timedelta(hours=1), NOW + timedelta(hours=1))
SAMPLE = {"cpu_percent": 50, "memory_percent": 40, "disk_percent": 10}


def last(name, project_id, by="host"):
    found = series.summaries(catalogue.metric(name), project_id=project_id, window=WINDOW, by=(by,))
    return {labels[0]: summary.last for labels, summary in found.items()}


@pytest.mark.parametrize(
    "cpu, memory, disk, score, word",
    [
        (0, 0, 0, 100, "healthy"),
        (20, 20, 20, 80, "warning"),
        (19, 20, 20, 80.3, "healthy"),
        (40, 40, 40, 60, "critical"),
        (100, 100, 100, 0, "critical"),
        (500, 100, 100, 0, "critical"),
        (-500, 0, 0, 100, "healthy"),
    ],
)
def test_the_score_of_health(cpu, memory, disk, score, word):
    found = health_score({"cpu_percent": cpu, "memory_percent": memory, "disk_percent": disk})
    assert (pytest.approx(found), health_word(found)) == (score, word)


@pytest.mark.parametrize(
    "values", [{}, {"cpu_percent": 1}, {**SAMPLE, "disk_percent": None}, {**SAMPLE, "cpu_percent": "x"}]
)
def test_there_is_no_score_without_all_three(values):
    assert health_score(values) is None


def test_a_host_that_reports_is_shown_in_its_own_project(send, project):
    send("/api/v1/events", {"type": "system.sample", "timestamp": NOW.isoformat(), "data": {**SAMPLE, "host": "web-1"}})
    send("/api/v1/events", {"type": "system.sample", "timestamp": NOW.isoformat(), "component": "web-2", "data": SAMPLE})
    roll_up(now=NOW)
    assert last("system.cpu", project.pk) == {"web-1": 50.0, "web-2": 50.0}
    assert last("system.health_score", project.pk) == {"web-1": 66.0, "web-2": 66.0}


def test_a_project_without_a_host_shows_the_machine_of_observatory(send, project):
    own = own_project()
    from interactions.ingest.records import EventRecord
    from interactions.ingest.store import store

    event = EventRecord("1", "system.sample", int(NOW.timestamp() * 1e6), body_hash=0, data={**SAMPLE, "host": "here"})
    store(project_id=own.pk, signal="system", now=NOW, records=[event])
    roll_up(now=NOW)
    assert last("system.health_score", project.pk) == {"here": 66.0}
    send("/api/v1/events", {"type": "system.sample", "timestamp": NOW.isoformat(), "data": {**SAMPLE, "host": "web-1"}})
    roll_up(now=NOW)
    assert last("system.health_score", project.pk) == {"web-1": 66.0}


def test_components_are_counted_by_their_words(send, project):
    for component, status in {"LLM": "Healthy", "Redis": "degraded", "disk": "down", "x": "purple"}.items():
        body = {"type": "component.health", "timestamp": NOW.isoformat(), "data": {"component": component, "status": status}}
        assert send("/api/v1/events", body)[0] == 201
    roll_up(now=NOW)
    assert last("components.health", project.pk, by="component") == {"LLM": 1.0, "Redis": 0.5, "disk": 0.0}


@pytest.mark.parametrize("status", [None, 7, "", [], "maybe"])
def test_an_unknown_word_is_no_health(status):
    assert component_health(status) is None
