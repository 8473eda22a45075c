"""Whatever the texts are: shares between 0 and 1, or nothing with a reason, and soon."""

import math
import random
import time
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.models import State
from feedback.quality.estimate.evaluator import MEASURES, estimate_one, result_of
from feedback.quality.estimate.prepared import prepare
from feedback.quality.evaluator import Request
from feedback.quality.exchanges import Exchange
from feedback.quality.weights import LEAST_COVERAGE

words = st.lists(
    st.sampled_from("the not no 3 12 1,000 Paris river [1] [9] . ? ! \n and 東京は ไทย é 'n't (source: a)".split(" ")),
    max_size=30,
)
texts = st.one_of(st.text(max_size=200), words.map(" ".join))


@settings(max_examples=60, deadline=None)
@given(texts, texts, st.lists(texts, max_size=3), texts)
def test_every_part_is_a_share_or_has_a_reason(question, answer, passages, reference):
    one = prepare(question, answer, passages, reference, [("a",)] * len(passages))
    if not one.answer.content:
        return
    result = result_of(one)
    for name, value in result.parts.items():
        assert (value is None) == bool(result.details["reasons"].get(name))
        assert value is None or (math.isfinite(value) and 0 <= value <= 1)
    assert set(result.parts) == set(MEASURES)
    assert (result.value is None) == (result.state == State.NOT_SCORABLE) == bool(result.reason)
    assert result.value is None or result.details["coverage"] >= LEAST_COVERAGE - 1e-9
    for finding in result.details["findings"]:
        assert 0 <= finding.get("start", 0) <= finding.get("end", 0) <= len(answer)


GENERATOR = random.Random(5)
HOSTILE = {
    "stops": "." * 1_000_000,
    "stops and signs": ".)" * 500_000,
    "sentences": "a b. " * 200_000,
    "lines": "x\n" * 500_000,
    "spaces": " " * 500_000 + "x" + "\n " * 250_000,
    "one word": "a" * 1_000_000,
    "apostrophes": "a'" * 500_000,
    "numbers": "1,1" * 300_000,
    "citations": "[1,1,1" * 150_000 + "[1]" * 10_000,
    "named": "(source: " * 100_000,
    "dense": "東京都" * 300_000,
    "refusals": "I do not have " * 70_000,
    "different words": " ".join(f"w{GENERATOR.getrandbits(40):x}" for _ in range(60_000)),
    "few words": " ".join(GENERATOR.choice(["alpha", "beta", "gamma", "no", "12."]) for _ in range(200_000)),
    "accents": "e\u0301" * 400_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_megabyte_takes_no_longer_than_its_beginning(name):
    text = HOSTILE[name]
    begun = time.process_time()
    one = prepare(text, text, [text, text])
    if one.answer.content:
        result_of(one)
    assert time.process_time() - begun < 0.5  # 0.1 s on a machine that does nothing else


def request(answer, *, is_error=False, question="How long is the Amazon?", passages=("The Amazon is long.",)):
    return Request(Exchange(SimpleNamespace(is_error=is_error), question, answer, passages))


def test_what_cannot_be_measured_has_no_overall():
    for answer, fields, reason in (
        ("The Amazon is long.", {"is_error": True}, "the interaction failed"),
        ("", {}, "the answer has no words with content"),
        ("and so on", {}, "the answer has no words with content"),
        ("I'm sorry, I can't help.", {}, "the answer refuses"),
        ("Long river.", {"question": "", "passages": ()}, "only 0% of the weight could be measured"),
    ):
        result = estimate_one(request(answer, **fields))
        assert (result.state, result.value, result.reason) == (State.NOT_SCORABLE, None, reason)


def test_the_overall_is_the_weighted_mean_of_what_could_be_measured(settings):
    settings.OBSERVATORY = settings.OBSERVATORY | {"OBSERVATORY_QUALITY_WEIGHTS": (1.0, 0.0, 0.0, 0.0)}
    result = estimate_one(request("The Amazon is long."))
    assert result.value == result.parts["accuracy"]
    settings.OBSERVATORY = settings.OBSERVATORY | {"OBSERVATORY_QUALITY_WEIGHTS": (0.3, 0.25, 0.25, 0.2)}
    result = estimate_one(request("The Amazon is long."))
    assert result.details["coverage"] == 0.8  # one sentence: nothing to compare for consistency
    parts = result.parts
    expected = (0.3 * parts["accuracy"] + 0.25 * parts["completeness"] + 0.25 * parts["relevance"]) / 0.8
    assert result.value == pytest.approx(expected, abs=1e-4)
