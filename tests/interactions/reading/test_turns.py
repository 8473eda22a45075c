"""What is said of the turns of a session, by the rules that the page states."""

from datetime import UTC, datetime, timedelta

import pytest

from interactions.reading.turns import Feedback, Spoken, judge, why_given_up

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)


def turn(number, question="Why is the sky blue?", **more):
    found = {"is_error": False, "latency_ms": 900.0, "confidence": 0.9, "answer": "Light scatters.", **more}
    minutes = found.pop("minutes", number)
    return Spoken(number, frozenset({f"t{number}"}), BEGIN + timedelta(minutes=minutes), question=question, **found)


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"is_error": True}, "failed"),
        ({"answer": ""}, "no answer"),
        ({"confidence": 0.59}, "confidence 0.59"),
        ({"latency_ms": 5_000.0}, "took 5.00 s"),
    ],
)
def test_a_bad_turn_says_why(more, fault):
    assert [list(one.faults) for one in judge([turn(1, **more)], [])] == [[fault]]


def test_what_lies_on_the_limit_is_not_bad():
    assert not judge([turn(1, confidence=0.6, latency_ms=4_999.0)], [])[0].faults
    assert not judge([turn(1, confidence=None, latency_ms=None)], [])[0].faults


def test_feedback_belongs_to_the_turn_it_names_else_to_the_last_one_before_it():
    late = BEGIN + timedelta(hours=1)
    said = [Feedback(late, rating=1, names=frozenset({"t1"})), Feedback(late, is_helpful=True)]
    first, second = judge([turn(1), turn(2, "Another thing entirely")], said)
    assert list(first.faults) == ["rated badly"]
    assert [one.is_good for one in second.feedback] == [True]


def test_feedback_before_every_turn_belongs_to_the_first():
    assert judge([turn(1), turn(2)], [Feedback(BEGIN - timedelta(days=1), rating=5)])[0].feedback


@pytest.mark.parametrize(
    ("question", "minutes", "expected"),
    [
        ("Why is the blue sky so?", 3, True),
        ("Why is the sky blue?", 12, False),
        ("What does a ticket cost?", 3, False),
        ("", 3, False),
    ],
)
def test_a_question_asks_again_if_it_shares_half_of_the_words_soon(question, minutes, expected):
    assert judge([turn(1), turn(2, question, minutes=minutes)], [])[1].asks_again is expected


def test_a_session_is_given_up_at_a_bad_turn_after_half_an_hour_of_silence():
    turns = judge([turn(1), turn(2, is_error=True)], [])
    assert why_given_up(turns, now=turns[-1].spoken.at + timedelta(minutes=29)) == ""
    assert why_given_up(turns, now=turns[-1].spoken.at + timedelta(minutes=31)) == "failed, asked again"
    assert why_given_up(judge([turn(1)], []), now=BEGIN + timedelta(days=1)) == ""
    assert why_given_up([], now=BEGIN) == ""
