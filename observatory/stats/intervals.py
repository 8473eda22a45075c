"""How sure a figure is: intervals of confidence of a share, a quantile and a mean.

Each function returns (low, high), or None where so few values tell nothing. `z` is the quantile of the normal distribution:
1.96 for 95 %.
"""

import math

from observatory.stats.summary import Summary

Z_95 = 1.959964
FEWEST_FOR_MEAN = 30  # below it the normal interval is too narrow
Interval = tuple[float, float]


def wilson(hits: float, n: int, *, z: float = Z_95) -> Interval | None:
    """Return the interval of a share: `hits` of `n`. It stays within 0 and 1, and is honest near both and of few values.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927); recommended by
    L. D. Brown, T. T. Cai, A. DasGupta, "Interval estimation for a binomial proportion", Statistical Science 16 (2001).
    """
    if n <= 0:
        return None
    share, spread = hits / n, z * z / n
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / n + spread / (4 * n))
    # Of none and of all the end is exact: what is left by rounding would be told as "< 0.01 %".
    return 0.0 if hits <= 0 else max(0.0, middle - half), 1.0 if hits >= n else min(1.0, middle + half)


def quantile_shares(q: float, n: int, *, z: float = Z_95) -> Interval | None:
    """Return between which shares of the ordered values the true quantile `q` lies: q ± z sqrt(q (1 - q) / n).

    From the binomial number of values below the quantile, by its normal approximation: W. J. Conover, "Practical
    Nonparametric Statistics", 3rd edition (1999), section 3.2. None where a rank would lie beyond the values.
    """
    if n <= 0:
        return None
    half = z * math.sqrt(q * (1 - q) / n)
    return (q - half, q + half) if q - half >= 0 and q + half <= 1 else None


def quantile_interval(summary: Summary, q: float, *, z: float = Z_95) -> Interval | None:
    """Return the interval of a quantile: the values at the two ranks, asked from the sketch (within 1 %)."""
    shares = quantile_shares(q, summary.n, z=z)
    if shares is None:
        return None
    low, high = (summary.quantile(share) for share in shares)
    return None if low is None or high is None else (low, high)


def mean_interval(summary: Summary, *, z: float = Z_95) -> Interval | None:
    """Return the interval of a mean: mean ± z s / sqrt(n), by the central limit theorem; None below 30 values."""
    if summary.n < FEWEST_FOR_MEAN or summary.mean is None or summary.variance is None:
        return None
    half = z * math.sqrt(summary.variance / summary.n)
    return summary.mean - half, summary.mean + half


def is_apart(one: Interval | None, other: Interval | None) -> bool:
    """Whether two intervals share no value: then more than chance parts the figures. False where one is not known.

    This is strict: of 95 % intervals that just touch, the difference has a p value near 0.006. N. Schenker, J. F. Gentleman,
    "On judging the significance of differences by examining the overlap between confidence intervals", The American
    Statistician 55 (2001).
    """
    if one is None or other is None:
        return False
    return one[1] < other[0] or other[1] < one[0]
