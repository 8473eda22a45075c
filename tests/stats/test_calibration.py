"""Calibration of a confidence: curve and expected error."""

import random

import pytest

from observatory.stats.calibration import calibrate


def test_the_error_is_that_of_the_definition():
    # 50 with 0.95 of which 40 are good, 50 with 0.55 of which 30 are good: (50 x 0.15 + 50 x 0.05) / 100.
    pairs = [(0.95, place < 40) for place in range(50)] + [(0.55, place < 30) for place in range(50)]
    found = calibrate(pairs)
    assert found.error == pytest.approx(0.10)
    assert found.lean == pytest.approx(0.75 - 0.70)
    last = found.bins[9]
    assert (last.n, last.confidence, last.share) == (50, pytest.approx(0.95), pytest.approx(0.8))
    assert last.interval[0] < 0.8 < last.interval[1]


def test_what_has_too_few_answers_is_not_told():
    found = calibrate([(0.5, True)] * 4 + [(1.0, True)] * 6 + [(0.0, False)] * 6)
    assert (found.error, found.reason) == (None, "too few answers: 16 of 100")
    assert found.bins[5].share is None
    assert found.bins[9].share == 1.0
    assert found.bins[0].share == 0.0


def test_the_error_of_a_perfect_confidence_is_about_what_chance_gives():
    source = random.Random(5)
    pairs = [(one := source.random(), source.random() < one) for _ in range(1_000)]
    found = calibrate(pairs)
    assert 0.3 < found.error / found.chance < 2
    assert found.chance < 0.05


def test_parts_add_up_to_the_whole():
    pairs = [(0.1, True), (0.15, False), (0.7, True), (0.3, False)]
    whole = calibrate(pairs)
    assert [one.n for one in (calibrate(pairs[:2]) + calibrate(pairs[2:])).bins] == [one.n for one in whole.bins]
