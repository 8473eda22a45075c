"""How somebody uses an application, from rows alone."""

from datetime import UTC, datetime, timedelta

from interactions.reading.habits import contentment_of, habits_of
from interactions.reading.turns import Feedback

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)


def row(days_ago, session="", **more):
    at = NOW - timedelta(days=days_ago)
    return {"asked_at": at, "session_id": session, "category": "", "name": "", "prompt_name": "", "model": "m", **more}


def test_frequency_and_trend_count_days_and_weeks():
    found = habits_of([row(1), row(1.2), row(2), row(8), row(29)], now=NOW)
    assert (found.requests, found.active_days, found.last_week, found.week_before) == (5, 4, 3, 1)


def test_a_session_of_one_turn_has_no_duration():
    found = habits_of([row(1, "a"), row(1.5, "a"), row(2, "b")], now=NOW)
    assert (found.sessions, found.timed_sessions, found.turns_a_session) == (2, 1, 1.5)
    assert found.session_ms == 12 * 3_600_000
    assert habits_of([row(1)], now=NOW).session_ms is None


def test_favourites_are_shares_of_what_is_named():
    found = habits_of([row(1, category="x"), row(1, category="x"), row(1, category="y"), row(1)], now=NOW)
    assert [(one.name, one.number, one.percent) for one in found.favourites["Categories"]] == [("x", 2, 67), ("y", 1, 33)]
    assert "Prompts" not in found.favourites


def test_contentment_without_feedback_is_unknown_and_not_zero():
    assert contentment_of([]).rating is None
    found = contentment_of([Feedback(NOW, rating=4), Feedback(NOW, rating=1, is_helpful=False)])
    assert (found.n, found.rating, found.helpful, found.judged) == (2, 2.5, 0.0, 1)
