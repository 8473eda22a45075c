"""Intervals of mean ratings: they hold the truth about as often as they say, also of few ratings."""

from random import Random

import pytest

from observatory.stats.ratings import rating_interval
from observatory.stats.summary import Summary, summarise

SHARES = {"content": (3, 6, 14, 37, 40), "torn": (40, 5, 5, 10, 40), "all alike": (1, 1, 1, 2, 95)}


@pytest.mark.parametrize("name", SHARES)
@pytest.mark.parametrize("n", [8, 30, 200])
def test_it_covers_the_mean_about_as_often_as_it_says(name, n):
    rng, weights = Random(f"{name} {n}"), SHARES[name]
    truth = sum(star * weight for star, weight in zip((1, 2, 3, 4, 5), weights, strict=True)) / sum(weights)
    runs = 500
    hits = 0
    for _ in range(runs):
        low, high = rating_interval(summarise([float(one) for one in rng.choices((1, 2, 3, 4, 5), weights, k=n)]))
        hits += low <= truth <= high
    assert hits / runs > 0.9


def test_a_few_alike_leave_doubt():
    low, high = rating_interval(summarise([5.0] * 5))
    assert (round(low, 1), high) == (3.5, 5.0)


def test_fewer_tell_nothing():
    assert rating_interval(Summary()) is None
    assert rating_interval(summarise([5.0] * 4)) is None
