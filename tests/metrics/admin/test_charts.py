"""Paths of charts from figures."""

from datetime import UTC, datetime

import pytest

from observatory.metrics.admin.charts import chart, scale, spark

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([], (0, 0.1)),
        ([0.0], (0, 0.1)),
        ([37.0], (0, 10)),
        ([1.0], (0, 0.25)),
        ([2_700.0, 10.0], (0, 1_000)),
        ([-3.0, 5.0], (-4, 2.5)),
        ([1e-9], (0, 2.5e-10)),
    ],
)
def test_ticks_are_round_and_hold_all_figures_and_zero(figures, expected):
    low, step = scale(figures)
    assert low <= min([0, *figures])
    assert low + 4 * step >= max([0, *figures]) * 0.999999
    if expected[1] >= 0.25:
        assert step == pytest.approx(expected[1])


def test_a_line_breaks_at_gaps_and_a_lone_point_is_a_dot():
    found = chart([("a", [0.0, 4.0, None, 4.0])], start=START, step_s=3600, say=str)
    assert found.lines[0].path == "M125 200 L375 0"
    assert found.lines[0].dots == "M875 0 h0.01"
    assert found.lines[0].area == "M125 200 L375 0 L375 200 L125 200 Z"
    assert found.y_ticks == ["4.0", "3.0", "2.0", "1.0", "0.0"]
    assert found.x_ticks == ["00:00", "01:00", "02:00", "03:00", "04:00"]


def test_a_column_says_what_is_in_it():
    hovers = chart([("p50", [1.0, None]), ("p95", [2.0, None])], start=START, step_s=60, say=str).hovers
    assert [hover.title for hover in hovers] == [
        "01 Jan 00:00 UTC\np50: 1.0\np95: 2.0",
        "01 Jan 00:01 UTC\nno values",
    ]
    assert (hovers[1].x, hovers[1].width) == (500, 500)


def test_a_small_line_of_nothing_is_nothing():
    assert spark([None, None]) == spark([0.0, 0.0]) == spark([]) == ""
    assert spark([1.0, 2.0]).startswith("M30 14 L90 2")
