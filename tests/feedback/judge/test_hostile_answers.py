"""Observed text cannot steer the judge past the schema; what it tries is listed."""

import json

import pytest

from feedback.models import State
from feedback.quality.catalogue import evaluator
from feedback.quality.judge.failures import Invalid
from feedback.quality.judge.injection import signs
from feedback.quality.judge.quoting import quoted
from feedback.quality.judge.rubric import read
from feedback.quality.run import judged
from tests.feedback.judge.asked import BAD, GOOD, SOURCES, request
from tests.feedback.judge.attacks import FAMILIES, attacks
from tests.feedback.judge.gullible import MANNERS, Gullible, manner_of

pytestmark = pytest.mark.one_store
QUALITY = "judge.quality"
# What leaves no sign: an optimiser's plain words. The others are flagged, every one of them.
WITHOUT_SIGN = {"adversarial evaluation", "greedy", "empty"}


def test_the_four_scores_of_a_good_answer_and_of_a_bad_one(ask, fake):
    good, bad = judged(evaluator(QUALITY), [request(GOOD), request(BAD)], ask())
    assert (good.state, good.value, good.calls) == (State.SCORED, 1, 1)
    assert good.parts == {"accuracy": 1, "completeness": 1, "relevance": 1, "consistency": 1}
    assert bad.parts["accuracy"] == 0.25
    assert bad.value < 0.9
    (alone,) = judged(evaluator(QUALITY), [request(GOOD, passages=())], ask())
    assert (alone.parts["accuracy"], alone.details["coverage"]) == (None, 0.7)


@pytest.mark.parametrize("mode", ["malformed", "chatty", "wrong-keys", "null", "out-of-range"])
def test_a_reply_outside_the_schema_is_no_score(ask, mode):
    (result,) = judged(evaluator(QUALITY), [request()], ask(mode))
    assert (result.state, result.value, result.parts) == (State.FAILED, None, {})
    assert result.reason.startswith("invalid: ")


@pytest.mark.parametrize(
    "change",
    [
        {"accuracy": 0}, {"accuracy": 6}, {"accuracy": 4.5}, {"accuracy": True}, {"accuracy": "5"}, {"accuracy": None},
        {"id": "another"}, {"id": None}, {"reason": 5}, {"reason": "x" * 1_001}, {"extra": 1},
    ],
)  # fmt: skip
def test_the_schema_is_exact(change):
    text = quoted(request().exchange)
    good = {"id": text.nonce, "accuracy": 5, "completeness": 1, "relevance": 1, "consistency": 1, "reason": "r"}
    assert read(json.dumps(good), text)[0]["accuracy"] == 1
    with pytest.raises(Invalid):
        read(json.dumps(good | change), text)
    with pytest.raises(Invalid):
        read(json.dumps(good)[:-1] + ', "accuracy": 5}', text)  # a key twice


def test_200_hostile_answers_reach_a_score_by_the_strict_schema_only(ask, fake):
    hostile = list(attacks())
    assert len(hostile) == 200
    assert len({one.family for one in hostile}) == 15
    fake.reply = Gullible({one.honest for one in hostile})
    requests = [request(one.answer, question=one.question, passages=(one.source,)) for one in hostile]
    results = judged(evaluator(QUALITY), requests, ask(max_concurrent=16))
    fake.reply = None
    for one, result in zip(hostile, results, strict=True):
        if result.state == State.NOT_SCORABLE:
            assert one.family == "empty"
        elif manner_of(one.answer) == MANNERS[1]:
            # The right form and praise: no schema sees that. It is a score, and flagged where the text shows a sign.
            assert (result.state, result.value) == (State.SCORED, 1)
        else:
            assert (result.state, result.value) == (State.FAILED, None), one
            assert result.reason.startswith("invalid: ")
        if one.family not in WITHOUT_SIGN:
            assert result.details["findings"], one
    assert {result.state for result in results} == set(State)


def test_the_judge_has_no_tools_and_is_told_apart_from_what_it_reads(ask, fake):
    judged(evaluator(QUALITY), [request(next(one.answer for one in attacks() if one.family == "combined"))], ask())
    (body,) = fake.bodies
    assert set(body) == {"model", "messages", "response_format"}
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert "sk-" not in str(body)


def test_half_an_emoji_does_not_stop_its_neighbours(ask):
    results = judged(evaluator(QUALITY), [request(f"{GOOD} \ud83d"), request(GOOD)], ask())
    assert [result.state for result in results] == [State.SCORED, State.SCORED]


def test_plain_answers_show_no_sign():
    plain = [GOOD, BAD, *SOURCES, *(one.honest for one in attacks())]
    assert [text for text in plain if signs(text)] == []
    assert set(FAMILIES) > WITHOUT_SIGN
