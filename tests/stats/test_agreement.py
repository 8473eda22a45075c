"""Agreement of two raters, against published figures."""

import pytest

from observatory.stats.agreement import Agreement

# J. L. Fleiss, "Statistical methods for rates and proportions", two raters' diagnoses, n = 100: kappa .68 (.50 to .85).
DIAGNOSES = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]
# Hout et al. (1987), 91 couples, as in the R package vcd: kappa 0.1293, asymptotic standard error 0.0686.
COUPLES = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]


def table(rows: list[list[int]]) -> Agreement:
    return Agreement({(str(a), str(b)): n for a, row in enumerate(rows) for b, n in enumerate(row)})


@pytest.mark.parametrize(("rows", "value", "error"), [(DIAGNOSES, 0.6765, 0.0877), (COUPLES, 0.1293, 0.0686)])
def test_kappa_has_the_published_value_and_error(rows, value, error):
    kappa = table(rows).kappa
    assert kappa.value == pytest.approx(value, abs=0.00005)
    low, high = kappa.interval
    assert (high - low) / 2 / 1.96 == pytest.approx(error, abs=0.0001)


def test_the_usual_example_of_two_by_two():
    found = Agreement.of([("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15)
    assert found.accuracy == pytest.approx(0.7)
    assert found.kappa.value == pytest.approx(0.4)
    low, high = found.accuracy_interval
    assert 0.55 < low < 0.7 < high < 0.82


def test_what_cannot_be_told_has_a_reason_and_no_number():
    assert (Agreement().kappa.value, Agreement().accuracy, Agreement().accuracy_interval) == (None, None, None)
    same = Agreement.of([("pass", "pass")] * 40)
    assert same.kappa.value is None
    assert "always" in same.kappa.reason
    assert same.accuracy_interval[0] > 0.9
    few = Agreement.of([("pass", "pass"), ("fail", "pass"), ("fail", "fail")])
    assert few.kappa.value is not None
    assert few.kappa.interval is None
    assert "30" in few.kappa.reason
    never_differed = Agreement.of([("pass", "pass")] * 30 + [("fail", "fail")] * 30)
    assert never_differed.kappa.value == 1
    assert never_differed.kappa.interval is None


def test_parts_add_up_to_the_whole():
    pairs = [("a", "b"), ("a", "a"), ("b", "b"), ("b", "b")]
    assert (Agreement.of(pairs[:1]) + Agreement.of(pairs[1:])).cells == Agreement.of(pairs).cells
