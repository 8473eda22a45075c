"""A pass rate that a judge gave, corrected by the answers that people judged too: prediction-powered inference."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from observatory.stats.agreement import FEWEST_PAIRS
from observatory.stats.intervals import Z_95, Interval, wilson


@dataclass(frozen=True, slots=True)
class Checked:
    """An answer of the random sample: whether the judge and whether a person passed it, and the share that was drawn."""

    by_judge: bool
    by_person: bool
    rate: float = 1.0

    @property
    def weight(self) -> float:
        return 1 / self.rate


@dataclass(frozen=True, slots=True)
class Corrected:
    """`raw` is the judge's own rate over all, `people` that of the sample alone, `value` the corrected one.

    Without a value `reason` says why. `helps`: its interval is narrower than the one that people alone give.
    """

    raw: float | None
    raw_interval: Interval | None
    judged: int
    n: int
    value: float | None = None
    interval: Interval | None = None
    people: float | None = None
    people_interval: Interval | None = None
    reason: str = ""

    @property
    def helps(self) -> bool:
        if self.interval is None or self.people_interval is None:
            return False
        return _width(self.interval) < _width(self.people_interval)

    @property
    def is_biased(self) -> bool:
        """Whether the judge's own rate lies outside the corrected interval: more than chance parts the judge from people."""
        return self.interval is not None and self.raw is not None and not self.interval[0] <= self.raw <= self.interval[1]


def corrected_rate(passed: int, judged: int, sample: Iterable[Checked]) -> Corrected:
    """The judge's mean over all `judged` answers, plus the mean of (person - judge) over the random sample of them.

    A. N. Angelopoulos et al., "Prediction-powered inference", Science 382 (2023), for a mean. The sample is part of what was
    judged, so the variance is var(person) / N + (1/n - 1/N) var(person - judge); where N is large that is theirs. Answers
    that were drawn with different rates count by 1/rate. So that a sample in which nobody happened to differ does not
    claim certainty, half a pair is added to each of the four cells before variances are taken: A. Agresti, Y. Min,
    Statistics in Medicine 24 (2005).
    """
    pairs = list(sample)
    n = len(pairs)
    raw = passed / judged if judged else None
    told = Corrected(raw, wilson(passed, judged), judged, n)
    if raw is None:
        return _without(told, "the judge has given no verdict in this time")
    if n < FEWEST_PAIRS:
        return _without(told, f"too few reviews: {n} of {FEWEST_PAIRS}")
    people = _mean([(one.weight, float(one.by_person)) for one in pairs])
    moved = _mean([(one.weight, float(one.by_person) - float(one.by_judge)) for one in pairs])
    effective, spread, person_spread = _spreads(pairs)
    rest = max(0.0, 1 / effective - 1 / judged)
    half = Z_95 * math.sqrt(person_spread / judged + rest * spread)
    value = min(1.0, max(0.0, raw + moved))
    return Corrected(
        raw,
        told.raw_interval,
        judged,
        n,
        value,
        (max(0.0, raw + moved - half), min(1.0, raw + moved + half)),
        people,
        wilson(people * round(effective), round(effective)),
    )


def _spreads(pairs: Sequence[Checked]) -> tuple[float, float, float]:
    """Kish's effective size, the variance of (person - judge), and that of person, smoothed as said above."""
    usual = sum(one.weight for one in pairs) / len(pairs)
    smooth = [(usual / 2, Checked(judge, person)) for judge in (False, True) for person in (False, True)]
    weighted = [(one.weight, one) for one in pairs] + smooth
    differences = [(weight, float(one.by_person) - float(one.by_judge)) for weight, one in weighted]
    persons = [(weight, float(one.by_person)) for weight, one in weighted]
    effective = sum(one.weight for one in pairs) ** 2 / sum(one.weight**2 for one in pairs)
    return effective, _variance(differences), _variance(persons)


def _mean(values: Sequence[tuple[float, float]]) -> float:
    return sum(weight * value for weight, value in values) / sum(weight for weight, _ in values)


def _variance(values: Sequence[tuple[float, float]]) -> float:
    middle = _mean(values)
    return _mean([(weight, (value - middle) ** 2) for weight, value in values])


def _width(interval: Interval) -> float:
    return interval[1] - interval[0]


def _without(told: Corrected, reason: str) -> Corrected:
    return Corrected(told.raw, told.raw_interval, told.judged, told.n, reason=reason)
