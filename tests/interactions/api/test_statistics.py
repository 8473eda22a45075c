"""Statistics of the project, from buckets, and of a user, from interactions."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from observatory.metrics.rollup.run import roll_up

pytestmark = pytest.mark.django_db
SYSTEM, USER = "/api/v1/statistics/system", "/api/v1/statistics/users/mia/k"
MONDAY = "2026-01-05T09:30:00Z"
WEEK = {"since": "2026-01-05", "until": "2026-01-12"}


def turn(**more):
    return {"query": "q", "model": "m-1", "asked_at": MONDAY, "user_id": "mia/k", "latency_ms": 500} | more


@pytest.fixture
def turns(send, read):
    bodies = [
        turn(cost_usd=0.5, input_tokens=10, output_tokens=4, confidence=0.8, session_id="s"),
        turn(cost_usd=0.25, input_tokens=20, session_id="s", latency_ms=1500),
        turn(status="error", latency_ms=6000, asked_at="2026-01-06T23:00:00Z"),
        turn(model="m-2", user_id="ben", asked_at="2026-01-11T00:00:00Z", latency_ms=100),
        turn(user_id="ben", asked_at="2025-12-30T00:00:00Z", cost_usd=0.5),
    ]
    assert send("/api/v1/interactions", bodies)[0] == 207
    span = {"trace_id": "a" * 32, "name": "GET /", "started_at": MONDAY, "duration_ms": 3, "kind": "other"}
    assert send("/api/v1/spans", span)[0] == 201
    read("/api/v1/traces")
    roll_up(now=timezone.now())


def test_the_system_is_told_from_its_buckets(turns, read):
    status, found = read(SYSTEM, **WEEK)
    assert status == 200
    assert (found["requests"], found["errors"], found["error_rate"]) == (4, 1, 0.25)
    assert (found["users"], found["sessions"]) == (2, 1)
    assert (found["cost_usd"], found["priced"]) == (0.75, 2)
    assert found["tokens"] == {"input": 30, "output": 4, "cached": 0, "cache_write": 0, "reasoning": 0}
    assert found["latency_categories"] == {"excellent": 2, "good": 1, "poor": 1}
    assert (found["latency_ms"]["n"], found["latency_ms"]["mean"], found["latency_ms"]["max"]) == (4, 2025.0, 6000.0)
    assert found["latency_ms"]["p75"] == pytest.approx(1500, rel=0.01)
    assert [(one["model"], one["requests"], one["share"]) for one in found["models"]] == [("m-1", 3, 0.75), ("m-2", 1, 0.25)]


def test_the_trend_of_the_cost_looks_back_as_far(turns, read):
    trend = read(SYSTEM, **WEEK)[1]["cost_trend"]
    assert trend["resolution"] == "1d"
    assert trend["points"] == [{"start": "2026-01-05T00:00:00Z", "cost_usd": 0.75}]
    assert (trend["previous_usd"], trend["change"]) == (0.5, 0.5)


def test_activity_is_told_by_weekday_and_hour(turns, read):
    activity = read(SYSTEM, since="2026-01-01", until="2026-01-12")[1]["activity"]
    # Hours of January are no longer kept by the roll-up of a new project, so only what is kept by the hour is told.
    assert [len(hours) for hours in activity] == [24] * 7
    assert (activity[0][9], activity[1][23], activity[6][0], sum(map(sum, activity))) in {(2, 1, 1, 4), (0, 0, 0, 0)}


def test_a_user_is_told_from_interactions(turns, read):
    status, found = read(USER, **WEEK)
    assert status == 200
    assert (found["user_id"], found["requests"], found["errors"], found["sessions"]) == ("mia/k", 3, 1, 1)
    assert (found["cost_usd"], found["priced"]) == (0.75, 2)
    assert found["tokens"]["input"] == 30
    assert found["latency_ms"]["p50"] == pytest.approx(1500, rel=0.01)
    assert found["confidence"]["mean"] == 0.8
    assert (found["models"], found["is_cut"]) == ({"m-1": 3}, False)
    assert (found["first_at"], found["last_at"]) == (MONDAY, "2026-01-06T23:00:00Z")


def test_nothing_is_told_as_nothing(project, read):
    _, found = read(SYSTEM)
    assert (found["requests"], found["error_rate"], found["cost_usd"], found["latency_ms"]) == (0, None, None, None)
    _, found = read("/api/v1/statistics/users/nobody")
    assert (found["requests"], found["error_rate"], found["cost_usd"], found["latency_ms"]) == (0, None, None, None)


def test_a_day_is_the_default(project, send, read):
    now = timezone.now()
    for hours in (1, 25):
        send("/api/v1/interactions", turn(asked_at=(now - timedelta(hours=hours)).isoformat()))
    read("/api/v1/traces")
    roll_up(now=timezone.now())
    for path in (SYSTEM, USER):
        assert read(path)[1]["requests"] == 1


def test_the_latest_stand_for_a_user_with_very_many(turns, read, monkeypatch):
    monkeypatch.setattr("interactions.reading.user_statistics.MOST_ROWS", 2)
    _, found = read(USER, **WEEK)
    assert (found["requests"], found["errors"], found["is_cut"]) == (2, 1, True)


@pytest.mark.parametrize("path", [SYSTEM, USER])
@pytest.mark.parametrize(
    ("parameters", "code", "field"),
    [
        ({"since": "x"}, "invalid", "since"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "invalid", "since"),
        ({"since": "1999-01-01"}, "too_many_points", "since"),
        ({"from": "2026-01-01"}, "unknown_parameter", "from"),
    ],
)
def test_a_bad_window_is_named(project, read, path, parameters, code, field):
    status, found = read(path, **parameters)
    assert (status, found["error"]["code"], found["error"]["field"]) == (400, code, field)


def test_queries_do_not_grow_with_models(turns, send, read):
    read(SYSTEM, **WEEK)
    with CaptureQueriesContext(connection) as few:
        read(SYSTEM, **WEEK)
    send("/api/v1/interactions", [turn(model=f"m-{number}") for number in range(30)])
    read("/api/v1/traces")
    roll_up(now=timezone.now())
    with CaptureQueriesContext(connection) as many:
        assert len(read(SYSTEM, **WEEK)[1]["models"]) == 30
    assert len(many) <= len(few)


def test_a_user_is_found_by_the_index(turns, store):
    from interactions.models import Interaction
    from interactions.reading.user_statistics import of_user

    plan = of_user(Interaction.objects.first().project_id, "ben").explain()
    assert store == "postgresql" or "interaction_by_user" in plan


def test_no_bucket_counts_for_the_window_and_for_the_one_before(turns, read):
    found = read(SYSTEM, since="2026-01-05T12:00:00Z", until="2026-01-25T12:00:00Z")[1]
    assert found["since"] == "2026-01-05T00:00:00Z"  # days are what is read, and this one is told with the window
    assert (found["cost_usd"], found["cost_trend"]["previous_usd"]) == (0.75, 0.5)


def test_a_trend_of_hours_that_are_gone_is_told_in_days(turns, read):
    trend = read(SYSTEM, since="2026-01-05", until="2026-01-06")[1]["cost_trend"]
    assert [point["cost_usd"] for point in trend["points"]] == [0.75]


@pytest.mark.parametrize("path", [SYSTEM, USER])
def test_a_window_at_the_end_of_time_is_refused(path, read):
    assert read(path, since="0001-01-01", until="0001-01-02")[0] == 400
    assert read(path, since="9999-12-30", until="9999-12-31")[0] == 400


def test_a_share_is_of_yes_and_no(send, read):
    now = timezone.now() - timedelta(minutes=3)
    given = [{"type": "user_feedback", "occurred_at": now.isoformat(), "data": {"helpful": one}} for one in (7, True, False)]
    assert send("/api/v1/events", given)[0] == 207
    roll_up(now=timezone.now())
    summary = read("/api/v1/metrics/browser.helpful")[1]["summary"]
    assert (summary["n"], summary["share"]) == (2, 0.5)
