"""How two numbers go together: Spearman's rank correlation, with its interval."""

import math
from collections.abc import Sequence

from observatory.stats.intervals import Z_95, Interval

FEWEST = 30  # pairs; below them the interval is too wide to say anything


def spearman(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return the correlation of the ranks, ties at their mean rank; None below FEWEST pairs, and where one never varies.

    C. Spearman, "The proof and measurement of association between two things", American Journal of Psychology 15 (1904).
    """
    if len(pairs) < FEWEST:
        return None
    one, other = (ranks([pair[place] for pair in pairs]) for place in (0, 1))
    middle = (len(pairs) + 1) / 2
    spreads = [math.fsum((rank - middle) ** 2 for rank in line) for line in (one, other)]
    if not all(spreads):
        return None
    together = math.fsum((a - middle) * (b - middle) for a, b in zip(one, other, strict=True))
    return max(-1.0, min(1.0, together / math.sqrt(spreads[0] * spreads[1])))


def ranks(values: Sequence[float]) -> list[float]:
    """Return the rank of each value, from 1; equal ones share the mean of theirs."""
    order = sorted(range(len(values)), key=values.__getitem__)
    found, begin = [0.0] * len(values), 0
    while begin < len(order):
        end = begin
        while end < len(order) and values[order[end]] == values[order[begin]]:
            end += 1
        for place in order[begin:end]:
            found[place] = (begin + end + 1) / 2
        begin = end
    return found


def spearman_interval(correlation: float, n: int, *, z: float = Z_95) -> Interval | None:
    """Return the interval, by Fisher's transformation with the variance (1 + r² / 2) / (n - 3).

    D. G. Bonett, T. A. Wright, "Sample size requirements for estimating Pearson, Kendall and Spearman correlations",
    Psychometrika 65 (2000). None where n or the correlation allows none.
    """
    if n <= 3 or abs(correlation) >= 1:
        return None
    half = z * math.sqrt((1 + correlation**2 / 2) / (n - 3))
    middle = math.atanh(correlation)
    return math.tanh(middle - half), math.tanh(middle + half)
