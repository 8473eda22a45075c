"""How sure the mean of ratings from 1 to 5 is, also of few of them."""

import math

from observatory.stats.intervals import Z_95, Interval
from observatory.stats.summary import Summary

LOWEST, HIGHEST = 1.0, 5.0
STARS = (1, 2, 3, 4, 5)
PRIOR = 0.5  # of each star, after Jeffreys
FEWEST = 5
# What the prior adds to the number, the sum and the squares.
_N, _TOTAL, _SQUARES = PRIOR * len(STARS), PRIOR * sum(STARS), PRIOR * sum(star * star for star in STARS)


def rating_interval(summary: Summary, *, z: float = Z_95) -> Interval | None:
    """Return the interval of the mean of stars, within 1 and 5; None below FEWEST.

    From the posterior of how often each star is given, with a prior of half a rating of each: E. Miller, "Ranking items with
    star ratings" (2014), which takes one rating of each. It stays honest where all the few ratings are the same, of which a
    normal interval says that it is sure.
    """
    if summary.n < FEWEST:
        return None
    n = summary.n + _N
    mean = (summary.total + _TOTAL) / n
    spread = (summary.squares + _SQUARES) / n - mean * mean
    half = z * math.sqrt(max(0.0, spread) / (n + 1))
    return max(LOWEST, mean - half), min(HIGHEST, mean + half)
