"""Intervals of confidence: against published figures, and how often they hold the truth."""

import math
import random

import pytest

from observatory.stats.intervals import is_apart, mean_interval, quantile_interval, quantile_shares, wilson
from observatory.stats.summary import Summary, summarise


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        # R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Stat. Med. 17 (1998), table I.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_a_share_has_the_published_interval(hits, n, low, high):
    assert wilson(hits, n) == pytest.approx((low, high), abs=0.00005)


def test_a_share_of_nothing_has_none_and_a_whole_one_stays_below_one():
    assert wilson(0, 0) is None
    assert {(wilson(0, n)[0], wilson(n, n)[1]) for n in range(1, 300)} == {(0.0, 1.0)}


def test_a_quantile_lies_between_two_ranks():
    assert quantile_shares(0.5, 100) == pytest.approx((0.402, 0.598), abs=0.0005)
    assert quantile_shares(0.95, 20) is None  # 20 values do not reach above their p95
    assert quantile_shares(0.95, 73) is not None
    low, high = quantile_interval(summarise([float(value) for value in range(1, 1001)], has_bins=True), 0.95)
    assert (low, high) == pytest.approx((936, 964), rel=0.011)


def test_a_quantile_without_a_sketch_has_none():
    assert quantile_interval(Summary(n=1000), 0.5) is None
    assert quantile_interval(Summary(), 0.5) is None


def test_intervals_of_quantiles_hold_the_truth_in_about_95_of_100():
    source, held, truth = random.Random(7), 0, math.exp(1.6448536)
    for _ in range(300):
        low, high = quantile_interval(summarise([source.lognormvariate(0, 1) for _ in range(200)], has_bins=True), 0.95)
        held += low <= truth <= high
    assert 0.91 <= held / 300 <= 1


def test_a_mean_needs_thirty_values():
    assert mean_interval(summarise([1.0, 2.0])) is None
    low, high = mean_interval(summarise([float(value % 2) for value in range(100)]))
    assert (low, high) == pytest.approx((0.5 - 0.0985, 0.5 + 0.0985), abs=0.0001)


def test_intervals_are_apart_if_they_share_no_value():
    assert is_apart((1, 2), (3, 4))
    assert is_apart((3, 4), (1, 2))
    assert not is_apart((1, 3), (2, 4))
    assert not is_apart(None, (1, 2))
