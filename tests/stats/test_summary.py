"""Summaries merge in any order, and their quantiles are within one percent."""

import math
import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.stats import distinct, sketch
from observatory.stats.packing import pack, unpack
from observatory.stats.summary import Summary, merge, summarise

VALUES = st.floats(-1e12, 1e12, allow_subnormal=False)
LISTS = st.lists(st.lists(VALUES, min_size=1, max_size=20), min_size=1, max_size=6)


@given(st.floats(1e-11, 1e299) | st.floats(-1e299, -1e-11))
def test_a_bin_is_within_one_percent_of_its_values(value):
    assert sketch.value_of(sketch.bin_of(value)) == pytest.approx(value, rel=sketch.RELATIVE_ERROR * 1.0001)


@given(st.lists(VALUES, min_size=2, max_size=2))
def test_bins_are_in_the_order_of_values(pair):
    low, high = sorted(pair)
    assert sketch.bin_of(low) <= sketch.bin_of(high)


@pytest.mark.parametrize("q", [0.5, 0.75, 0.9, 0.95, 0.99, 0.999])
def test_quantiles_of_a_heavy_tail_are_within_one_percent(q):
    draw = random.Random(3)
    values = [draw.paretovariate(1.5) for _ in range(20_000)]
    parts = [summarise(values[start::50], has_bins=True) for start in range(50)]
    exact = sorted(values)[math.floor(q * (len(values) - 1))]
    assert merge(parts).quantile(q) == pytest.approx(exact, rel=0.0101)


@given(LISTS, st.randoms(use_true_random=False))
def test_merging_is_free_of_order(lists, order):
    parts = [summarise(values, has_bins=True, boundaries=(0.0, 10.0)) for values in lists]
    mixed = order.sample(parts, len(parts))
    assert (merge(mixed), pack(merge(mixed))) == (merge(parts), pack(merge(parts)))


@given(LISTS)
def test_what_is_packed_comes_back(lists):
    whole = merge(summarise(values, has_bins=True, boundaries=(-1.0, 1.0)) for values in lists)
    assert unpack(pack(whole)) == {"bins": whole.bins, "bounds": whole.bounds, "hashes": ()}


def test_bounds_count_values_up_to_and_with_each_boundary():
    assert summarise([0.1, 0.5, 0.5, 3.0], boundaries=(0.1, 0.5, 1.0)).bounds == (1, 3, 3)


def test_variance_is_that_of_the_sample():
    values = [3.0, 4.5, 9.0, 1.0]
    assert summarise(values).variance == pytest.approx(statistics.variance(values))
    assert summarise([2.0]).variance is None


def test_nothing_has_no_mean_and_no_quantile():
    nothing = merge([])
    assert (nothing, nothing.mean, nothing.quantile(0.5)) == (Summary(), None, None)


def test_the_last_value_is_that_of_the_latest_time():
    early, late = Summary(n=1, last=5.0, last_at=10.0), Summary(n=1, last=1.0, last_at=20.0)
    assert merge([late, early]).last == 1.0


@pytest.mark.parametrize("count, tolerance", [(0, 0), (1, 0), (511, 0), (512, 0.15), (20_000, 0.15)])
def test_distinct_values_are_exact_while_they_are_few(count, tolerance):
    hashes = [distinct.hash_of(f"user-{number}") for number in range(count)]
    parts = [distinct.smallest(hashes[start::7] * 2) for start in range(7)]
    whole = distinct.smallest_of_all(parts)
    assert whole == distinct.smallest(one for part in parts for one in part)
    assert distinct.estimate(whole) == pytest.approx(count, rel=tolerance)
