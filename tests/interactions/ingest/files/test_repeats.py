"""The same file again, whenever and with whatever start: duplicates, and the first times stay."""

from datetime import timedelta

import pytest
from django.utils import timezone

from interactions.models import IngestOutcome, Interaction
from observatory.projects.models import Project

UNTIMED = '{"query": "a"}\n{"query": "a"}\n{"query": "b"}\n'
TIMED = '{"query": "a", "asked_at": "2026-01-01T00:00:00Z"}\n{"query": "b", "asked_at": "2026-01-01T00:05:00Z"}\n'
MANY = '{"query": "a"}\n' * 50  # PostgreSQL takes these by COPY, whose conflicts are raised another way


def rows() -> list[tuple]:
    return list(Interaction.objects.order_by("id").values_list("interaction_id", "asked_at"))


@pytest.mark.parametrize("content", [UNTIMED, TIMED, MANY])
def test_second_run_finds_duplicates_only(run, content):
    run("own.jsonl", content)
    before = rows()
    said = run("renamed.jsonl", content, "--start", "2020-01-01T00:00:00Z")
    assert "0 stored" in said
    assert f"{content.count(chr(10))} duplicate" in said
    assert rows() == before


def test_records_without_time_are_spread_up_to_now(run):
    run("own.jsonl", UNTIMED)
    times = [asked_at for _, asked_at in rows()]
    assert times == sorted(times)
    assert timezone.now() - timedelta(minutes=7) < times[0] < times[-1] < timezone.now()


def test_start_moves_all_times_so_that_the_first_falls_there(run):
    run("own.jsonl", TIMED, "--start", "2026-03-01T12:00:00Z")
    assert [asked_at.isoformat()[:16] for _, asked_at in rows()] == ["2026-03-01T12:00", "2026-03-01T12:05"]


def test_what_retention_is_about_to_take_is_said(run, project):
    content = TIMED + '{"query": "c"}\n'
    assert "2 of those stored are from before" in (said := run("own.jsonl", content))
    assert "within the hour they are archived, then deleted" in said
    assert "those stored" not in run("own.jsonl", content)
    Project.objects.filter(pk=project.pk).update(retention_days=10_000)
    assert "those stored" not in run("new.jsonl", content.replace('"a"', '"d"'))


def test_another_body_under_a_given_id_is_a_conflict(run):
    body = '{"id": "3f0c8a52-7d0e-4b43-9f0a-5c4f1d1f6b7e", "query": "%s"}'
    run("own.jsonl", body % "a")
    said = run("own.jsonl", body % "b")
    assert "0 stored, 0 duplicate, 1 rejected" in said
    assert "line 1: conflict" in said


def test_every_row_is_counted_and_digested(run):
    run("own.jsonl", UNTIMED + "broken\n")
    counted = set(IngestOutcome.objects.values_list("signal", "outcome", "reason", "records"))
    assert counted == {("import", "stored", "", 3), ("import", "rejected", "undecodable", 1)}
    assert Interaction.objects.filter(query_preview="b").count() == 1
