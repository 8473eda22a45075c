"""A quantile is told of as many values as it takes for one to lie beyond it."""

import pytest

from observatory.stats.enough import needed, told_quantile, too_few
from observatory.stats.summary import summarise


@pytest.mark.parametrize(("q", "n"), [(0.5, 5), (0.75, 5), (0.9, 10), (0.95, 20), (0.99, 100), (0.05, 20)])
def test_it_takes_so_many_values(q, n):
    assert needed(q) == n
    values = [float(one) for one in range(1, n + 1)]
    assert told_quantile(summarise(values[1:], has_bins=True), q) is None
    assert told_quantile(summarise(values, has_bins=True), q) is not None
    assert (too_few(0, q), too_few(n - 1, q), too_few(n, q)) == ("", f"n < {n}", "")
