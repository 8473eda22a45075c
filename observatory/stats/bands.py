"""What is usual: a band around the median, which a few odd values do not move."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

DEVIATIONS = 3.0
MAD_TO_SIGMA = 1.4826  # of a normal distribution
MIN_VALUES = 6


@dataclass(frozen=True, slots=True)
class Band:
    low: float
    middle: float
    high: float

    def times(self, factor: float) -> "Band":
        """The band of counts over a stretch of time that is `factor` as long: their variance grows with it."""
        return of_counts(self.middle * factor, (self.high - self.middle) / DEVIATIONS * math.sqrt(factor))

    def is_above(self, value: float) -> bool:
        return value > self.high

    def is_below(self, value: float) -> bool:
        return value < self.low


def band(values: Sequence[float]) -> Band | None:
    """Return median ± 3 robust standard deviations (1.4826 · MAD) of counts; None below MIN_VALUES values."""
    if len(values) < MIN_VALUES:
        return None
    middle = median(values)
    return of_counts(middle, MAD_TO_SIGMA * median(abs(value - middle) for value in values))


def of_counts(middle: float, sigma: float) -> Band:
    """The band of a count. It is never narrower than chance makes it: a count of m varies by √m, and 0 by 1."""
    half = DEVIATIONS * max(sigma, math.sqrt(middle), 1.0)
    return Band(max(0.0, middle - half), middle, middle + half)
