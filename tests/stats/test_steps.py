"""Round values stand in the step that they begin, though a sketch knows them up to 1 % only."""

import pytest

from observatory.stats.sketch import bin_of, is_below, step_of


@pytest.mark.parametrize("steps", [10, 20])
def test_a_round_value_counts_in_the_step_that_it_begins(steps):
    for step in range(steps):
        assert step_of(bin_of(step / steps), steps) == step
        assert step_of(bin_of((step + 0.5) / steps), steps) == step
    assert step_of(bin_of(1.0), steps) == steps - 1


@pytest.mark.parametrize("bound", [0.3, 0.6, 0.8, 0.9])
def test_a_bound_is_not_below_itself(bound):
    assert not is_below(bin_of(bound), bound)
    assert is_below(bin_of(bound * 0.97), bound)
