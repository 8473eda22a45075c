"""A judge's pass rate corrected by people: worked by hand, and how often its interval holds the truth."""

import math
import random

import pytest

from observatory.stats.corrected import Checked, corrected_rate


def sample(**cells: int) -> list[Checked]:
    """`pf=3`: the judge passed and the person failed three."""
    return [Checked(judge == "p", person == "p") for (judge, person), n in cells.items() for _ in range(n)]


def test_it_is_the_judges_rate_moved_by_what_people_say_of_the_sample():
    found = corrected_rate(8_000, 10_000, sample(pp=60, pf=20, fp=5, ff=15))
    assert (found.raw, found.people) == (pytest.approx(0.8), pytest.approx(0.65))
    assert found.value == pytest.approx(0.8 - 0.15)
    # By hand, half a pair in each cell: var(d) = 26/102 - (15/102)^2; var(person) = p (1 - p), p = 66/102.
    spread, person = 26 / 102 - (15 / 102) ** 2, 66 / 102 * 36 / 102
    half = 1.96 * math.sqrt(person / 10_000 + (1 / 100 - 1 / 10_000) * spread)
    assert found.interval == pytest.approx((0.65 - half, 0.65 + half), abs=1e-4)
    assert found.is_biased


def test_a_judge_that_guesses_does_not_help_and_a_good_one_does():
    assert not corrected_rate(5_000, 10_000, sample(pp=25, pf=25, fp=25, ff=25)).helps
    good = corrected_rate(5_000, 10_000, sample(pp=49, pf=1, fp=1, ff=49))
    assert good.helps
    assert not good.is_biased


def test_thirty_that_all_agree_are_no_certainty():
    low, high = corrected_rate(900_000, 1_000_000, sample(pp=27, ff=3)).interval
    assert high - low > 0.1


def test_too_few_reviews_and_no_verdict_are_said():
    assert corrected_rate(5, 10, sample(pp=29)).reason == "too few reviews: 29 of 30"
    assert corrected_rate(0, 0, []).reason
    assert corrected_rate(5, 10, sample(pp=29)).value is None


def test_answers_that_were_drawn_more_rarely_count_for_more():
    often = [Checked(True, True, 0.5)] * 30
    rarely = [Checked(True, False, 0.1)] * 6  # each for ten
    assert corrected_rate(100, 100, often + rarely).people == pytest.approx(0.5)


def test_intervals_hold_the_truth_in_about_95_of_100():
    source, held = random.Random(3), 0
    for _ in range(300):
        people = [source.random() < 0.7 for _ in range(1_500)]
        judged = [one if source.random() < 0.85 else not one for one in people]
        chosen = source.sample(range(1_500), 120)
        found = corrected_rate(sum(judged), 1_500, [Checked(judged[i], people[i]) for i in chosen])
        held += found.interval[0] <= 0.7 <= found.interval[1]
    assert 0.92 <= held / 300 <= 0.99
