"""What a total of days will be: the usual amount of each weekday, added up over the days to come.

The method: of the last complete days (at most USED_DAYS) the mean of each weekday where each came at least twice, else of
all days. The interval is that of a prediction: days are taken as independent around their mean, with one spread s from
the residuals, so a sum over H days with weights w has the variance s² (sum w² + sum (w of a weekday)² / its days). It does
not know of growth, holidays or releases: read it as "if it goes on like this". Hyndman and Athanasopoulos, "Forecasting:
Principles and Practice" (3rd edition), 5.2 (mean and seasonal methods) and 5.5 (prediction intervals).
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from observatory.stats.intervals import Z_95

USED_DAYS = 28
FEWEST_DAYS = 3
WEEKDAYS = 7
FEWEST_OF_A_WEEKDAY = 2


@dataclass(frozen=True, slots=True)
class Usual:
    """What a day usually is: `means` by weekday (Monday is 0) from `counts` days of each; `spread` is around them.

    Without a profile all weekdays have one mean, and each count is that of all days.
    """

    means: Sequence[float]
    counts: Sequence[int]
    spread: float
    freedom: int
    days: int
    has_profile: bool


@dataclass(frozen=True, slots=True)
class Projection:
    """A total with its interval of 95 %; `low` is never below what is known already."""

    total: float
    low: float
    high: float


def usual_day(daily: Sequence[tuple[date, float]]) -> Usual | None:
    """Learn from complete days, oldest first, days without anything as 0; None of fewer than FEWEST_DAYS."""
    used = daily[-USED_DAYS:]
    if len(used) < FEWEST_DAYS:
        return None
    by_weekday: dict[int, list[float]] = defaultdict(list)
    for day, amount in used:
        by_weekday[day.weekday()].append(amount)
    has_profile = len(by_weekday) == WEEKDAYS and min(map(len, by_weekday.values())) >= FEWEST_OF_A_WEEKDAY
    groups = by_weekday if has_profile else {0: [amount for _, amount in used]}
    squares = math.fsum((amount - math.fsum(group) / len(group)) ** 2 for group in groups.values() for amount in group)
    freedom = len(used) - len(groups)
    places = [weekday if has_profile else 0 for weekday in range(WEEKDAYS)]
    return Usual(
        means=[math.fsum(groups[place]) / len(groups[place]) for place in places],
        counts=[len(groups[place]) for place in places],
        spread=math.sqrt(squares / freedom),
        freedom=freedom,
        days=len(used),
        has_profile=has_profile,
    )


def project(usual: Usual, *, known: float, ahead: Mapping[date, float]) -> Projection:
    """Add to what is known the days ahead, each with the share of it that is still to come (1: the whole day)."""
    expected = math.fsum(usual.means[day.weekday()] * share for day, share in ahead.items())
    weights: dict[int, float] = defaultdict(float)
    for day, share in ahead.items():
        weights[day.weekday() if usual.has_profile else 0] += share
    own = math.fsum(share * share for share in ahead.values())
    of_means = math.fsum(weight * weight / usual.counts[place] for place, weight in weights.items())
    half = t_95(usual.freedom) * usual.spread * math.sqrt(own + of_means)
    total = known + expected
    return Projection(total, max(known, total - half), total + half)


def t_95(freedom: int) -> float:
    """The 97.5 % quantile of Student's t, by the expansion of Abramowitz and Stegun 26.7.5: within 3 % from 2 degrees on."""
    z, n = Z_95, freedom
    return (
        z
        + (z**3 + z) / (4 * n)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3)
    )
