"""Machines, bottlenecks and the database, from what machines report."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from observatory.metrics.models import SizeSample
from observatory.projects.own import own_project
from tests.reports.panels.conftest import NOW

SAMPLE = "system.sample"


def machine(tell, host, minutes_ago, *, memory=40.0, cpu=20.0, queue=5, **more):
    data = {"host": host, "cpu_percent": cpu, "memory_percent": memory, "disk_percent": 50.0, "queue_size": queue}
    tell(SAMPLE, minutes_ago, data, **more)


def cells(content):
    return [[cell.words for cell in row] for row in content.table.rows]


def test_each_host_has_its_mean_usual_and_worst_value_and_when_that_was(tell, answer):
    for minutes, memory in ((65, 10.0), (45, 30.0), (25, 95.0), (5, 25.0)):
        machine(tell, "web-1", minutes, memory=memory)
    machine(tell, "web-2", 5)
    content = answer("machine_memory")
    assert cells(content) == [
        ["web-1", "40 %", "–", "95 %", "2 Mar 11:35"],
        ["web-2", "40 %", "–", "40 %", "2 Mar 11:55"],
    ]  # no p95 of four steps
    assert [cell.judgement for cell in content.table.rows[0]] == ["", "", "", "worse", ""]
    assert content.n == 5
    assert "web-1 mean 40 %, at most 95 %" in content.chart.description


def test_the_tiles_say_the_worst_host_and_the_health_now(tell, answer):
    machine(tell, "web-1", 5, memory=40.0, cpu=20.0)
    machine(tell, "web-2", 5, memory=90.0, cpu=80.0)
    tiles = {tile.name: tile for tile in answer("machines").tiles}
    assert tiles["Health score now"].value == "25"
    assert tiles["Health score now"].note == "of 100: critical, the worst host"
    assert tiles["Memory"].value == "65 %"
    assert tiles["Memory"].note == "peak 90 % on web-2, 2 Mar 11:55 UTC"
    assert tiles["Network"].reason


def test_a_project_without_machines_is_shown_those_of_observatory(tell, answer, shop):
    assert "No machine reported" in answer("machines").reason
    machine(tell, "here", 5, project=own_project())
    assert cells(answer("machine_cpu"))[0][0] == "here (Observatory’s own)"
    content = answer("machines")
    assert content.words.startswith(
        "The application reports no machine: shown is the machine that Observatory itself runs on."
    )
    assert {tile.name: tile.value for tile in content.tiles}["Queue"] == "5"
    assert {tile.name: tile.note for tile in content.tiles}["Queue"].startswith("pieces of work; peak 5")
    machine(tell, "web-1", 5)
    assert cells(answer("machine_cpu"))[0][0] == "web-1"


def test_bottlenecks_are_found_in_steps_of_five_minutes_and_said_in_words(tell, answer):
    for minutes in range(5, 240, 5):
        machine(tell, "web-1", minutes, memory=95.0 if 60 <= minutes < 125 else 50.0)
    row = next(row for row in answer("bottlenecks").table.rows if row[0].words.startswith("Memory"))
    assert [cell.words for cell in row] == ["Memory above 90 % for 1 h 5 min", "web-1", "2 Mar 10:00", "2 Mar 11:05", "95 %"]
    link = row[0].link.query
    assert (link["where"], link["since"], link["until"]) == (
        "host:web-1",
        "2026-03-02T09:30:00+00:00",
        "2026-03-02T11:35:00+00:00",
    )


def test_what_is_still_so_is_said_and_where_there_is_none_the_rules_are(tell, answer):
    machine(tell, "web-1", 5)
    content = answer("bottlenecks")
    assert content.table is None
    assert content.words.startswith("None in this time. Looked for: CPU above 90 % for 15 min or longer;")
    for minutes in (5, 10, 15, 20):
        machine(tell, "web-2", minutes, cpu=99.0)
    assert cells(answer("bottlenecks"))[0][3] == "still so"


def test_the_database_says_its_growth_and_when_the_disk_is_full(answer, shop, monkeypatch):
    today = NOW.date()
    SizeSample.objects.create(day=today - timedelta(days=10), table="", size_bytes=0)
    monkeypatch.setattr("observatory.metrics.size.database_bytes", lambda: 1_000_000_000)
    monkeypatch.setattr("observatory.metrics.size.free_bytes", lambda: 1_000_000_000)
    content = answer("database")
    assert [(tile.name, tile.value, tile.judgement) for tile in content.tiles] == [
        ("Size now", "1 GB", ""),
        ("Growth", "+100 MB a day", ""),
        ("Disk full in", "10 days", "bad"),
        ("Free on the disk", "1 GB", ""),
    ]
    SizeSample.objects.all().delete()
    assert [tile.value for tile in answer("database").tiles][1:3] == ["–", "–"]


def test_a_database_that_does_not_grow_never_fills_the_disk(answer, shop, monkeypatch):
    SizeSample.objects.create(day=NOW.date() - timedelta(days=10), table="", size_bytes=2_000)
    monkeypatch.setattr("observatory.metrics.size.database_bytes", lambda: 1_000)
    tiles = answer("database").tiles
    assert tiles[1].value == "-100 bytes a day"
    assert tiles[2].reason == "It does not grow."


@pytest.mark.parametrize("name", ["machines", "machine_cpu", "machine_health", "bottlenecks"])
def test_many_hosts_cost_as_many_queries_as_few(tell, answer, name):
    def queries():
        answer(name)
        with CaptureQueriesContext(connection) as asked:
            answer(name)
        return len(asked)

    for number in range(3):
        machine(tell, f"web-{number}", 5)
    few = queries()
    for number in range(30):
        machine(tell, f"web-{number}", 10, memory=99.0)
    assert queries() == few
