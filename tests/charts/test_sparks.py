"""Paths of small lines from figures."""

from observatory.charts.sparks import spark


def test_a_small_line_of_nothing_is_nothing():
    assert spark([None, None]) == spark([0.0, 0.0]) == spark([]) == ""


def test_a_line_goes_up_from_zero():
    assert spark([1.0, 2.0]) == "M30 14 L90 2"


def test_a_line_breaks_at_gaps_and_a_lone_point_is_a_dot():
    assert spark([4.0, 4.0, None, 4.0]) == "M15 2 L45 2 M105 2 h0.01"
