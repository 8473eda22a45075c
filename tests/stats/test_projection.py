"""Totals of days to come."""

import random
from datetime import date, timedelta

import pytest

from observatory.stats.projection import project, t_95, usual_day

MONDAY = date(2026, 11, 2)


def days(amounts, start=MONDAY):
    return [(start + timedelta(days=place), amount) for place, amount in enumerate(amounts)]


def ahead(count, start):
    return {start + timedelta(days=place): 1.0 for place in range(count)}


@pytest.mark.parametrize("count", [0, 1, 2])
def test_less_than_three_days_tell_nothing(count):
    assert usual_day(days([1.0] * count)) is None


def test_without_two_of_each_weekday_all_days_have_one_mean():
    usual = usual_day(days([1.0, 2.0, 3.0, 4.0]))
    assert (usual.has_profile, usual.days, usual.means) == (False, 4, [2.5] * 7)


def test_two_weeks_have_a_profile_and_quiet_weekends_stay_quiet():
    usual = usual_day(days([10.0] * 5 + [0.0, 2.0] + [10.0] * 5 + [0.0, 4.0]))
    assert (usual.has_profile, usual.means) == (True, [10.0] * 5 + [0.0, 3.0])
    assert project(usual, known=5.0, ahead=ahead(7, MONDAY)).total == pytest.approx(58.0)


def test_only_the_last_28_days_count():
    usual = usual_day(days([100.0] * 30 + [1.0] * 28))
    assert (usual.days, set(usual.means), usual.spread) == (28, {1.0}, 0.0)


def test_the_same_each_day_has_no_interval():
    found = project(usual_day(days([3.0] * 10)), known=1.0, ahead=ahead(10, MONDAY))
    assert (found.total, found.low, found.high) == (31.0, 31.0, 31.0)


def test_a_day_that_is_half_over_counts_by_half():
    assert project(usual_day(days([4.0] * 5)), known=2.0, ahead={MONDAY: 0.5}).total == 4.0


def test_never_less_than_what_is_known():
    assert project(usual_day(days([0.0, 0.0, 50.0])), known=40.0, ahead=ahead(3, MONDAY)).low == 40.0


@pytest.mark.parametrize(("freedom", "exact"), [(2, 4.303), (3, 3.182), (6, 2.447), (21, 2.080), (27, 2.052)])
def test_the_quantile_of_student(freedom, exact):
    assert t_95(freedom) == pytest.approx(exact, rel=0.035)


@pytest.mark.parametrize("known_days", [5, 14, 28])
def test_the_interval_holds_about_95_percent(known_days):
    chance, held, tries = random.Random(7), 0, 2_000
    for _ in range(tries):
        past = days([chance.gauss(100, 20) + 10 * (place % 7) for place in range(known_days)])
        rest = sum(chance.gauss(100, 20) + 10 * ((known_days + place) % 7) for place in range(14))
        found = project(usual_day(past), known=0.0, ahead=ahead(14, MONDAY + timedelta(days=known_days)))
        held += found.low <= rest <= found.high
    assert held / tries > 0.92
