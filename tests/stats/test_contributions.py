"""Where a change comes from: the contributions add up to it, and chance is not explained."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.stats.contributions import (
    change_of_mean,
    change_of_total,
    contributions_to_mean,
    contributions_to_total,
    main_contributions,
    volume_effect,
)
from observatory.stats.summary import Summary, merge, summarise

VALUES = st.lists(st.floats(0, 1e6), min_size=1, max_size=30)
SEGMENTS = st.dictionaries(st.sampled_from("abcdef"), VALUES.map(summarise), min_size=1)


def segments(**values):
    return {name: summarise(given_values) for name, given_values in values.items()}


def means(**named):
    """Segments of values around a mean: `a=(n, mean)`."""
    draw = random.Random(1)
    return {name: summarise([draw.gauss(mean, mean / 5) for _ in range(n)]) for name, (n, mean) in named.items() if n}


def main_of(before, after, *, most=3):
    change = change_of_mean(merge(before.values()), merge(after.values()))
    return change, main_contributions(contributions_to_mean(before, after), most=most)


@given(SEGMENTS, SEGMENTS)
def test_contributions_to_a_mean_add_up_to_its_change(before, after):
    change = change_of_mean(merge(before.values()), merge(after.values()))
    found = contributions_to_mean(before, after)
    assert math.fsum(one.amount for one in found) == pytest.approx(change.amount, rel=1e-9, abs=1e-4)


@given(SEGMENTS, SEGMENTS)
def test_contributions_to_a_total_add_up_to_its_change(before, after):
    change = change_of_total(merge(before.values()), merge(after.values()))
    found = contributions_to_total(before, after)
    together = volume_effect(change.before, change.after) + math.fsum(one.amount for one in found)
    assert together == pytest.approx(change.amount, rel=1e-9, abs=1e-3)
    assert {one.name for one in found} == {*before, *after}


@given(SEGMENTS, SEGMENTS)
def test_the_way_back_is_the_way_there(before, after):
    there = sum(one.rate for one in contributions_to_mean(before, after))
    back = sum(one.rate for one in contributions_to_mean(after, before))
    assert there == pytest.approx(-back, rel=1e-9, abs=1e-4)


def test_a_segment_that_grew_slow_is_charged_by_its_weight():
    found = contributions_to_mean(segments(a=[1.0] * 50, b=[1.0] * 50), segments(a=[1.0] * 50, b=[3.0] * 50))
    assert [(one.name, one.rate, one.mix) for one in found] == [("a", 0, 0), ("b", 1, 0)]


def test_a_slow_segment_that_grew_is_charged_by_its_distance_from_the_mean():
    found = contributions_to_mean(segments(a=[1.0] * 90, b=[5.0] * 10), segments(a=[1.0] * 50, b=[5.0] * 50))
    assert [one.rate for one in found] == [0, 0]
    assert [round(one.mix, 6) for one in found] == [0.16, 1.44]  # around the old mean of 1.4


def test_a_segment_that_takes_the_place_of_another_is_charged_with_all_of_it():
    _, found = main_of(means(old=(200, 1000)), means(new=(200, 1600)))
    assert [(one.name, one.before.n) for one in found] == [("new", 0)]
    assert found[0].amount / 600 == pytest.approx(1, abs=0.1)


def test_the_segment_that_moved_is_named_and_the_large_one_is_not():
    change, found = main_of(means(large=(900, 1000), small=(100, 1000)), means(large=(900, 1000), small=(100, 4000)))
    assert change.is_clear
    assert [one.name for one in found] == ["small"]


def test_where_all_move_alike_nobody_stands_out():
    change, found = main_of(means(a=(500, 1000), b=(500, 2000)), means(a=(500, 1500), b=(500, 3000)))
    assert change.is_clear
    assert found == []


def test_a_move_within_chance_is_not_clear():
    draw = random.Random(7)
    clear = 0
    for _ in range(400):
        before, after = ([draw.lognormvariate(7, 0.6) for _ in range(200)] for _ in range(2))
        clear += change_of_mean(summarise(before), summarise(after)).is_clear
    assert clear / 400 < 0.08  # 5 % are expected


def test_a_total_of_more_requests_is_judged_by_their_number_too():
    draw = random.Random(3)
    clear = 0
    for _ in range(300):
        before, after = ([1.0] * max(1, round(draw.gauss(400, 20))) for _ in range(2))
        clear += change_of_total(summarise(before), summarise(after)).is_clear
    assert clear / 300 < 0.09


def test_few_values_tell_nothing():
    assert not change_of_mean(summarise([1.0] * 29), summarise([9.0] * 500)).is_clear
    assert change_of_mean(summarise([1.0] * 30), summarise([9.0] * 500)).is_clear


def test_one_odd_request_is_no_segment():
    before = means(a=(500, 1000))
    after = {**means(a=(500, 1000)), "b": summarise([400_000.0])}
    assert main_of(before, after)[1] == []


def test_nothing_on_a_side_is_no_contribution():
    assert contributions_to_mean({}, segments(a=[1.0])) == []
    assert contributions_to_total({}, {}) == []
    nothing = change_of_mean(Summary(), Summary())
    assert (nothing.amount, nothing.is_clear, main_contributions([], most=3)) == (0, False, [])
    assert volume_effect(Summary(), summarise([2.0, 3.0])) == 5


def test_errors_that_are_new_are_charged_to_where_they_are():
    before = segments(a=[0.0] * 300, b=[0.0] * 300)
    _, found = main_of(before, segments(a=[0.0] * 300, b=[1.0] * 60 + [0.0] * 240))
    assert [one.name for one in found] == ["b"]


def test_more_of_the_same_is_volume_and_no_segment():
    before, after = segments(a=[1.0] * 100, b=[3.0] * 100), segments(a=[1.0] * 150, b=[3.0] * 150)
    assert volume_effect(merge(before.values()), merge(after.values())) == 200
    assert main_contributions(contributions_to_total(before, after), of=200, most=3) == []


def test_a_segment_of_a_total_is_measured_against_the_whole_change():
    before, after = means(a=(500, 1000), b=(500, 1000)), means(a=(500, 1000), b=(500, 1600))
    change = change_of_total(merge(before.values()), merge(after.values()))
    assert [one.name for one in main_contributions(contributions_to_total(before, after), of=change.amount, most=3)] == ["b"]
    assert main_contributions(contributions_to_total(before, after), of=change.amount * 6, most=3) == []
