"""How well a score tells good from bad: the area under the ROC curve, with its interval.

The area is P(a good one scores higher than a bad one), a tie counting half: 1 tells them apart, 0.5 is a coin.
Its variance after DeLong, DeLong and Clarke-Pearson, "Comparing the areas under two or more correlated receiver operating
characteristic curves", Biometrics 44 (1988) 837-845, by mid-ranks: Sun and Xu, IEEE Signal Processing Letters 21 (2014)
1389-1393. The interval is made on the logit, so that it stays within 0 and 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isfinite, log, sqrt
from statistics import NormalDist, variance

from observatory.stats.correlation import ranks

FEWEST = 2  # of good and of bad ones, for a variance


@dataclass(frozen=True, slots=True)
class Auc:
    """`low` and `high` bound the interval; they and `value` are None, with the `reason`, where there is too little."""

    value: float | None
    low: float | None
    high: float | None
    good: int
    bad: int
    reason: str = ""


def auc(good: Sequence[float], bad: Sequence[float], *, level: float = 0.95) -> Auc:
    """Return the area for the scores of good and of bad ones, which must be finite (ValueError)."""
    if not all(map(isfinite, (*good, *bad))):
        raise ValueError("A score that is not finite has no rank.")
    if min(len(good), len(bad)) < FEWEST:
        return Auc(None, None, None, len(good), len(bad), f"needs at least {FEWEST} good and {FEWEST} bad ones")
    above, below = _placements(good, bad)
    area = sum(above) / len(above)
    error = sqrt(variance(above) / len(good) + variance(below) / len(bad))
    return Auc(area, *_interval(area, error, len(good), len(bad), level), len(good), len(bad))


def _placements(good: Sequence[float], bad: Sequence[float]) -> tuple[list[float], list[float]]:
    """For each good one the share of bad ones below it; for each bad one the share of good ones above it."""
    together = ranks([*good, *bad])
    of_good, of_bad = together[: len(good)], together[len(good) :]
    above = [(both - own) / len(bad) for both, own in zip(of_good, ranks(good), strict=True)]
    below = [1 - (both - own) / len(good) for both, own in zip(of_bad, ranks(bad), strict=True)]
    return above, below


def _interval(area: float, error: float, good: int, bad: int, level: float) -> tuple[float, float]:
    """At 0 and 1 the variance is 0 and says nothing: there the rule of three for the smaller group bounds the far side."""
    if area in {0.0, 1.0}:
        miss = min(1.0, 3 / min(good, bad))
        return (0.0, miss) if area == 0.0 else (1 - miss, 1.0)
    z = NormalDist().inv_cdf((1 + level) / 2)
    middle, half = log(area / (1 - area)), z * error / (area * (1 - area))
    return _expit(middle - half), _expit(middle + half)


def _expit(x: float) -> float:
    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))
