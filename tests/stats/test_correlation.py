"""Spearman's rank correlation and its interval."""

import random

import pytest

from observatory.stats.correlation import FEWEST, spearman, spearman_interval


def test_it_is_that_of_scipy_with_ties():
    stars, sure = (1, 2, 2, 3, 4, 5, 5, 3, 1, 4), (0.2, 0.2, 0.5, 0.4, 0.4, 0.9, 0.7, 0.1, 0.3, 0.6)
    pairs = [*zip(stars, sure, strict=True)] * 3
    assert spearman(pairs) == pytest.approx(0.7182972366962015)
    assert spearman([(x, -x) for x, _ in pairs]) == pytest.approx(-1)


def test_too_few_and_constants_tell_nothing():
    assert spearman([(float(n), float(n)) for n in range(FEWEST - 1)]) is None
    assert spearman([(5.0, float(n)) for n in range(FEWEST)]) is None


def test_the_interval_covers_as_often_as_it_says():
    rng, hits = random.Random(7), 0
    for _ in range(300):
        pairs = [(x, x + rng.gauss(0, 1)) for x in (rng.gauss(0, 1) for _ in range(60))]
        low, high = spearman_interval(spearman(pairs), len(pairs))
        hits += low <= 0.690 <= high  # of a normal pair with Pearson's r = 1 / sqrt(2): 6 / pi * asin(r / 2)
    assert hits / 300 > 0.9
    assert spearman_interval(1.0, 60) is None
