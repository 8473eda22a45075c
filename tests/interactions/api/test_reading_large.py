"""Sums never pass for more than they are, and an answer has a size."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from interactions.reading import events, sessions
from interactions.reading.filters import Filters
from interactions.reading.selection import Selection
from interactions.reading.session_list import sessions_of
from interactions.reading.trace import find_trace

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def turn(number, **fields):
    return {"session_id": "s", "query": f"q{number}", "asked_at": (BEGIN + timedelta(minutes=number)).isoformat(), **fields}


PRICED = {"cost_usd": "0.25", "input_tokens": 10}
UNPRICED = {"model": "nobody-knows", "input_tokens": 1000}


def test_the_cost_of_a_session_with_an_unpriced_turn_is_unknown(send, read, project):
    send("/api/v1/interactions", [turn(0, **PRICED), turn(1, **UNPRICED)])
    session = read("/api/v1/sessions/s")[1]
    assert (session["cost_usd"], session["input_tokens"], session["turns"]) == (None, 1010, 2)
    row = sessions_of(Selection(project.id, Filters())).rows[0]
    assert (row.cost_usd, row.unpriced) == (Decimal("0.25"), 1)


def test_a_turn_without_tokens_leaves_the_cost_known(send, read, project):
    send("/api/v1/interactions", [turn(0, **PRICED), turn(1), turn(2, **PRICED)])
    assert Decimal(str(read("/api/v1/sessions/s")[1]["cost_usd"])) == Decimal("0.5")
    assert sessions_of(Selection(project.id, Filters())).rows[0].cost_usd == Decimal("0.5")


def test_the_cost_of_a_trace_with_an_unpriced_interaction_is_unknown(send, read):
    send("/api/v1/interactions", [turn(0, trace_id="t", **PRICED), turn(1, trace_id="t", **UNPRICED)])
    assert read("/api/v1/traces/t")[1]["totals"]["cost_usd"] is None


def test_a_session_is_cut_only_where_turns_are_missing(send, read, monkeypatch):
    monkeypatch.setattr(sessions, "MAX_TURNS", 2)
    send("/api/v1/interactions", [turn(0, **PRICED), turn(1)])
    assert read("/api/v1/sessions/s")[1]["is_cut"] is False
    send("/api/v1/interactions", turn(2, **PRICED))
    session = read("/api/v1/sessions/s")[1]
    assert (session["is_cut"], session["turns"]) == (True, 3)
    assert Decimal(str(session["cost_usd"])) == Decimal("0.5")
    assert [one["query"] for one in session["interactions"]] == ["q0", "q1"]
    assert session["last_at"].startswith("2026-01-01T00:02:00")


def test_events_share_the_room_of_an_answer(send, read, monkeypatch, project):
    monkeypatch.setattr(events, "MAX_DATA_CHARS", 100)
    for number, text in enumerate(("small", "x" * 200, "too")):
        when = (BEGIN + timedelta(minutes=number)).isoformat()
        assert send("/api/v1/events", {"type": "e", "trace_id": "t", "occurred_at": when, "data": {"text": text}})[0] == 201
    first, second, third = (event["data"] for event in read("/api/v1/traces/t")[1]["events"])
    assert (first, third) == ({"text": "small"}, {"text": "too"})
    assert second["cut"] is True
    assert 200 < second["characters"] < 230
    assert find_trace(project.id, "t").events[1].data == second
