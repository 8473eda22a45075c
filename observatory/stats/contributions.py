"""From which segments a change comes: of a mean (or a share, the mean of noes and yeses), or of a total.

The mean over all is the sum of the segments' means m, each times its share w of the values. From before (0) to after (1)

    M1 - M0  =  sum of  (w0 + w1)/2 * (m1 - m0)  +  (w1 - w0) * ((m0 + m1)/2 - M0)

The first term is what a segment changed by itself, the second what its growing or shrinking did. They add up to the whole
change exactly: E. M. Kitagawa, "Components of a difference between two rates", Journal of the American Statistical
Association 50 (1955). Subtracting M0 in the second term alters no sum, for the shares add up to one on both sides; with it,
a segment that takes the place of another is charged with the difference, and one as good as the mean with nothing.

A total T is n values of a mean: T1 - T0 = (n1 - n0) * (M0 + M1)/2 + (n0 + n1)/2 * (M1 - M0). The first term is the volume;
the second is shared out among the segments as above.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from observatory.stats.summary import Summary, merge

CONFIDENT = 1.96  # 95 %, of the change as a whole
SURE = 3.3  # 99.9 %, of one segment: it was picked out of many
FEWEST = 30  # values on each side, for the normal interval
FEWEST_OF_SEGMENT = 10  # on one of the sides, for a spread that means anything
LEAST_SHARE, LEAST_EXCESS = 0.2, 0.1  # of a change, that a segment must have to be named
EMPTY = Summary()
Segments = Mapping[Any, Summary]


@dataclass(frozen=True, slots=True)
class Change:
    """`amount` with its standard `error`. `before` and `after` sum up all values."""

    before: Summary
    after: Summary
    amount: float
    error: float

    @property
    def is_enough(self) -> bool:
        """Whether there are values enough on both sides to tell a change from chance."""
        return min(self.before.n, self.after.n) >= FEWEST

    @property
    def is_clear(self) -> bool:
        """Whether it is more than chance would do in 95 of 100 cases."""
        return self.is_enough and abs(self.amount) > CONFIDENT * self.error


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a segment did to the whole: `rate` by its own change, `mix` by its growing or shrinking.

    `expected` is the share of the change that would be its own if all segments had changed in proportion.
    """

    name: Any
    before: Summary
    after: Summary
    rate: float
    mix: float
    error: float
    expected: float

    @property
    def amount(self) -> float:
        return self.rate + self.mix


def change_of_mean(before: Summary, after: Summary) -> Change:
    """Return the change of the mean; 0 where a side has no values."""
    amount = after.total / after.n - before.total / before.n if before.n and after.n else 0.0
    return Change(before, after, amount, math.sqrt(_error2(before) + _error2(after)))


def change_of_total(before: Summary, after: Summary) -> Change:
    """Return the change of the sum. How many values come is chance too: a compound Poisson sum has the variance sum(x²)."""
    return Change(before, after, after.total - before.total, math.sqrt(before.squares + after.squares))


def contributions_to_mean(before: Segments, after: Segments) -> list[Contribution]:
    """Return what each segment contributed to the change of the mean, in the order of their names as text."""
    all0, all1 = merge(before.values()), merge(after.values())
    if not all0.n or not all1.n:
        return []
    found = []
    for name in sorted({*before, *after}, key=str):
        one0, one1 = before.get(name, EMPTY), after.get(name, EMPTY)
        if not one0.n and not one1.n:
            continue
        w0, w1, mean0 = one0.n / all0.n, one1.n / all1.n, all0.total / all0.n
        # A segment that is on one side only has not changed by itself.
        m0 = one0.total / one0.n if one0.n else one1.total / one1.n
        m1 = one1.total / one1.n if one1.n else m0
        distance = (m0 + m1) / 2 - mean0
        drawn = w0 * (1 - w0) / all0.n + w1 * (1 - w1) / all1.n
        error = math.sqrt(((w0 + w1) / 2) ** 2 * (_error2(one0) + _error2(one1)) + distance**2 * drawn)
        rate, mix = (w0 + w1) / 2 * (m1 - m0), (w1 - w0) * distance
        found.append(Contribution(name, one0, one1, rate, mix, error, _expected(one0, all0)))
    return found


def volume_effect(before: Summary, after: Summary) -> float:
    """Return what a sum changed by because there are more or fewer values; all of it where a side has none."""
    if not before.n or not after.n:
        return after.total - before.total
    return (after.n - before.n) * (before.total / before.n + after.total / after.n) / 2


def contributions_to_total(before: Segments, after: Segments) -> list[Contribution]:
    """Return what each segment contributed to the change of the sum, beside the volume."""
    values = (sum(one.n for one in before.values()) + sum(one.n for one in after.values())) / 2
    return [
        replace(one, rate=values * one.rate, mix=values * one.mix, error=values * one.error)
        for one in contributions_to_mean(before, after)
    ]


def main_contributions(contributions: Sequence[Contribution], *, of: float | None = None, most: int) -> list[Contribution]:
    """Return the segments that stand out, the most surprising first; none where all changed alike.

    One stands out that moved with the whole, surely, by a fifth of the change `of` (default: what they add up to), and by
    a tenth more than its due (as in R. Bhagwan et al., "Adtributor: Revenue debugging in advertising systems", NSDI 2014:
    explanatory power and surprise).
    """
    together = math.fsum(one.amount for one in contributions)
    whole = together if of is None else of
    if not whole:
        return []
    found = [
        (excess, one)
        for one in contributions
        if max(one.before.n, one.after.n) >= FEWEST_OF_SEGMENT
        and (share := one.amount / whole) >= LEAST_SHARE
        and (excess := share - one.expected * together / whole) >= LEAST_EXCESS
        and abs(one.amount) > SURE * one.error
    ]
    return [one for _, one in sorted(found, key=lambda pair: (-pair[0], str(pair[1].name)))[:most]]


def _expected(one: Summary, everything: Summary) -> float:
    """The share of a segment in the total before; where that is nothing, its share of the values."""
    if everything.total:
        return one.total / everything.total
    return one.n / everything.n if everything.n else 0.0


def _error2(one: Summary) -> float:
    """The squared standard error of a mean; 0 where it is not known."""
    variance = one.variance
    return variance / one.n if variance is not None else 0.0
