"""The days of users: derived from interactions, made anew when these change, gone when they go."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interactions.digest.user_days import Refresher, _computed, first_whole_day, forget_before, mark, refresh
from interactions.models import UserDay
from observatory.core.leases import acquire
from observatory.metrics.horizons import move
from observatory.metrics.models import Horizon

AT = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)


@pytest.fixture
def ask(send, project, read):
    """`ask(user, at, **more)` stores an interaction and digests it."""

    def ask(user_id, at=AT, **more):
        item = {"query": "q", "answer": "a", "user_id": user_id, "asked_at": at.isoformat(), **more}
        assert send("/api/v1/interactions", item)[0] == 201
        read("/api/v1/interactions")

    return ask


def days(*names):
    return list(UserDay.objects.order_by("user_id", "day").values_list("user_id", "day", *names))


def test_a_day_adds_up_what_its_user_did(ask):
    ask("ann", session_id="s", latency_ms=100, cost_usd="0.5", input_tokens=3, confidence=0.5)
    ask("ann", session_id="s", latency_ms=9_000, status="error")
    ask("ann", AT + timedelta(minutes=1))
    ask("bob")
    ask("")
    refresh()
    names = ("requests", "errors", "sessions", "timed", "slow", "latency_ms", "priced", "cost_usd", "input_tokens", "rated")
    first, second = AT.date(), AT.date() + timedelta(days=1)
    assert days(*names) == [
        ("ann", first, 2, 1, 1, 2, 1, 9_100.0, 1, 0.5, 3, 1),
        ("ann", second, 1, 0, 0, 0, 0, 0.0, 0, 0.0, 0, 0),
        ("bob", first, 1, 0, 0, 0, 0, 0.0, 0, 0.0, 0, 0),
    ]


def test_a_trace_counts_for_the_user_that_a_late_span_names(send, read):
    base = {"trace_id": "a" * 32, "started_at": AT.isoformat(), "duration_ms": 5, "kind": "llm", "name": "n", "input": "q"}
    send("/api/v1/spans", [{**base, "span_id": "1" * 16}])
    read("/api/v1/interactions")
    refresh()
    assert days() == []
    send("/api/v1/spans", [{**base, "span_id": "2" * 16, "user_id": "ann"}])
    read("/api/v1/interactions")
    refresh()
    assert days("requests") == [("ann", AT.date(), 1)]


def test_a_refresh_that_is_repeated_changes_nothing(ask):
    ask("ann", cost_usd="1")
    assert refresh() == 1
    before = days("requests", "cost_usd", "is_stale")
    assert refresh() == 0
    mark(UserDay.objects.get().project_id, [("ann", AT), ("ann", AT)])
    assert refresh() == 1
    assert days("requests", "cost_usd", "is_stale") == before


def test_a_day_without_interactions_goes(project):
    mark(project.pk, [("ghost", AT), ("", AT)])
    assert days("is_stale") == [("ghost", AT.date(), True)]
    refresh()
    assert days() == []


def test_while_another_process_digests_the_days_wait(project, monkeypatch):
    mark(project.pk, [("ann", AT)])
    monkeypatch.setattr("observatory.core.leases.owner_name", lambda: "another process")
    assert acquire("digest", now=timezone.now(), seconds=60)
    monkeypatch.undo()
    assert refresh() == 0
    assert days("is_stale") == [("ann", AT.date(), True)]


def test_days_whose_facts_began_to_go_are_neither_kept_nor_made(ask, project):
    for number in range(3):
        ask("ann", AT + timedelta(days=number))
    refresh()
    noon = datetime.combine(AT.date() + timedelta(days=1), datetime.min.time(), UTC) + timedelta(hours=12)
    move(project.pk, "interactions", Horizon.FACTS, int(noon.timestamp()))
    assert first_whole_day(project.pk) == noon.date() + timedelta(days=1)
    forget_before(project.pk)
    assert days() == [("ann", AT.date() + timedelta(days=2))]
    mark(project.pk, [("ann", AT), ("ann", noon)])
    refresh()
    assert days() == [("ann", AT.date() + timedelta(days=2))]


def test_a_day_whose_facts_go_while_it_is_computed_is_not_kept(ask, project, monkeypatch):
    def computed_while_facts_go(*day):
        found = _computed(*day)
        move(project.pk, "interactions", Horizon.FACTS, int(AT.timestamp()))
        return found

    ask("ann")
    ask("ann", AT + timedelta(days=1))
    monkeypatch.setattr("interactions.digest.user_days._computed", computed_while_facts_go)
    refresh()
    assert days() == [("ann", AT.date() + timedelta(days=1))]


def test_many_days_take_as_many_statements_as_few(project):
    counts = []
    for number in (3, 150):
        mark(project.pk, [(f"u{n}", AT) for n in range(number)])
        with CaptureQueriesContext(connection) as queries:
            refresh()
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_refresher_rests_after_a_refresh(project):
    refresher = Refresher()
    mark(project.pk, [("ann", AT)])
    refresher()
    mark(project.pk, [("ann", AT)])
    refresher()
    assert days("is_stale") == [("ann", AT.date(), True)]
