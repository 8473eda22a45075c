"""The area under the ROC curve: known values, and an interval that keeps its promise."""

import random

import pytest

from observatory.stats.auc import auc


def by_pairs(good, bad):
    return sum((g > b) + (g == b) / 2 for g in good for b in bad) / (len(good) * len(bad))


def test_it_is_the_share_of_pairs_in_which_the_good_one_is_higher_and_a_tie_is_half():
    generator = random.Random(7)
    for _ in range(20):
        good = [generator.randint(0, 6) for _ in range(generator.randint(2, 30))]
        bad = [generator.randint(-2, 4) for _ in range(generator.randint(2, 30))]
        assert auc(good, bad).value == pytest.approx(by_pairs(good, bad))


def test_the_interval_is_that_of_delong():
    # By hand: the good ones are above 1, 3, 3 and 4 of the four bad ones, the bad ones below 4, 3, 3 and 1 of the good ones.
    # Their variances are 0.098958 each, so the error is sqrt(2 x 0.098958 / 4) = 0.222439; on the logit 0.788457 ± 2.029277.
    found = auc([0.3, 0.6, 0.7, 0.9], [0.1, 0.35, 0.4, 0.8])
    assert found.value == 0.6875
    assert (found.low, found.high) == pytest.approx((0.224297, 0.943625), abs=1e-5)


def test_a_perfect_order_is_not_certain():
    assert auc([3, 4, 5] * 10, [1, 2] * 20).low == pytest.approx(0.9)
    found = auc([1] * 5, [2] * 5)
    assert (found.value, found.low, found.high) == (0.0, 0.0, 0.6)


def test_too_little_has_a_reason_and_no_value():
    assert auc([1.0], [0.5, 0.6]).value is None
    assert auc([], []).reason
    with pytest.raises(ValueError, match="finite"):
        auc([float("nan"), 1], [0, 1])


def test_19_of_20_intervals_hold_the_true_area():
    generator = random.Random(3)
    true = 0.7602  # of normals one apart: the normal distribution at 1 / sqrt(2)
    held = 0
    for _ in range(400):
        found = auc([generator.gauss(1, 1) for _ in range(40)], [generator.gauss(0, 1) for _ in range(60)])
        held += found.low <= true <= found.high
    assert 0.92 <= held / 400 <= 0.98
