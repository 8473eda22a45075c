"""DDSketch: counts in bins that grow by 2 %, so that any quantile is known within 1 % of its value.

C. Masson, J. E. Rim, H. K. Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees",
VLDB 2019. A bin k holds the values in (GAMMA^(k-1), GAMMA^k]; sketches merge by adding counts, in any order, to the same
result. Here bins of positive values have numbers above 0, those of negative values their mirror below, zero is bin 0: the
order of the numbers is the order of the values.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping

RELATIVE_ERROR = 0.01
GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
LARGEST = 1e300
SMALLEST = 1e-12  # nearer to zero is zero

_SCALE = 1 / math.log(GAMMA)
_OFFSET = 1 << 16  # more than the largest number of a bin of SMALLEST or LARGEST


def bin_of(value: float) -> int:
    """Return the number of the bin of a finite value."""
    size = abs(value)
    if size < SMALLEST:
        return 0
    number = math.ceil(math.log(min(size, LARGEST)) * _SCALE) + _OFFSET
    return number if value > 0 else -number


def value_of(number: int) -> float:
    """Return the value that is within RELATIVE_ERROR of every value of the bin."""
    if number == 0:
        return 0.0
    size = 2 * GAMMA ** (abs(number) - _OFFSET) / (1 + GAMMA)
    return size if number > 0 else -size


def bins_of(values: Iterable[float]) -> dict[int, int]:
    """Return how many of the values each bin holds."""
    return Counter(map(bin_of, values))


def quantile(bins: Mapping[int, int], q: float) -> float:
    """Return the value below which a share `q` of the counted values lies, within RELATIVE_ERROR; NaN of no values."""
    count = sum(bins.values())
    rank, seen = q * (count - 1), 0
    for number in sorted(bins):
        seen += bins[number]
        if seen > rank:
            return value_of(number)
    return math.nan


def edges_of(number: int) -> tuple[float, float]:
    """Return the ends of a bin, the lower one first; zero of both for bin 0."""
    if number == 0:
        return 0.0, 0.0
    high = GAMMA ** (abs(number) - _OFFSET)
    return (high / GAMMA, high) if number > 0 else (-high, -high / GAMMA)


def step_of(number: int, steps: int) -> int:
    """Return in which of so many equal steps from 0 to 1 a bin lies.

    A bin that spans the end of a step counts in the upper one: 0.9 is far more often said than 0.897.
    """
    return min(steps - 1, max(0, int(edges_of(number)[1] * steps)))


def is_below(number: int, bound: float) -> bool:
    """Return whether the whole of a bin is below the bound, so that the bound itself is not."""
    return edges_of(number)[1] < bound
