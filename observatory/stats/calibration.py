"""Whether a confidence means what it says: of the answers with a confidence of 0.8, are 8 of 10 good?"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from observatory.stats.enough import FEWEST
from observatory.stats.intervals import Interval, wilson

BINS = 10
FEWEST_PAIRS = 100  # of an error over ten bins: with fewer, chance alone gives a tenth and more


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """The answers with a confidence in [low, high), the last one with 1 too: how many, their confidence, how many good."""

    low: float
    high: float
    n: int = 0
    confidences: float = 0.0
    good: int = 0

    def __add__(self, other: "CalibrationBin") -> "CalibrationBin":
        return CalibrationBin(
            self.low, self.high, self.n + other.n, self.confidences + other.confidences, self.good + other.good
        )

    @property
    def confidence(self) -> float | None:
        """The mean; None of nothing."""
        return self.confidences / self.n if self.n else None

    @property
    def share(self) -> float | None:
        """The share of good ones; None of fewer than FEWEST."""
        return self.good / self.n if self.n >= FEWEST else None

    @property
    def interval(self) -> Interval | None:
        return wilson(self.good, self.n) if self.n >= FEWEST else None


@dataclass(frozen=True, slots=True)
class Calibration:
    """Curves of parts of the data add up."""

    bins: Sequence[CalibrationBin]

    def __add__(self, other: "Calibration") -> "Calibration":
        return Calibration([one + two for one, two in zip(self.bins, other.bins, strict=True)])

    @property
    def n(self) -> int:
        return sum(one.n for one in self.bins)

    @property
    def error(self) -> float | None:
        """The expected calibration error: the mean distance of confidence and share of good ones, by answers.

        M. P. Naeini, G. F. Cooper, M. Hauskrecht, AAAI 2015; C. Guo et al., ICML 2017. None of fewer than FEWEST_PAIRS.
        """
        if self.n < FEWEST_PAIRS:
            return None
        return sum(abs(one.good - one.confidences) for one in self.bins) / self.n

    @property
    def chance(self) -> float | None:
        """The error that a perfect confidence would show by chance, with so many answers in each bin."""
        if self.n < FEWEST_PAIRS:
            return None
        return sum(_by_chance(one) for one in self.bins) / self.n

    @property
    def lean(self) -> float | None:
        """Mean confidence minus share of good ones: above 0 it is too sure. None of fewer than FEWEST_PAIRS."""
        if self.n < FEWEST_PAIRS:
            return None
        return sum(one.confidences - one.good for one in self.bins) / self.n

    @property
    def reason(self) -> str:
        """Why there is no error; "" if there is one."""
        return "" if self.n >= FEWEST_PAIRS else f"too few answers: {self.n} of {FEWEST_PAIRS}"


def calibrate(pairs: Iterable[tuple[float, bool]], *, bins: int = BINS) -> Calibration:
    """The curve of (confidence, whether the answer was good). A confidence beyond 0 and 1 belongs to the last bin there."""
    found = [[0, 0.0, 0] for _ in range(bins)]
    for confidence, is_good in pairs:
        one = found[min(bins - 1, max(0, int(confidence * bins + 1e-9)))]
        one[0] += 1
        one[1] += confidence
        one[2] += is_good
    return Calibration(
        [
            CalibrationBin(place / bins, (place + 1) / bins, int(n), total, int(good))
            for place, (n, total, good) in enumerate(found)
        ]
    )


def _by_chance(one: CalibrationBin) -> float:
    """n times the mean distance of a share of n from its truth, by the normal approximation: sqrt(2 n p (1 - p) / pi)."""
    share = min(1.0, max(0.0, one.confidence or 0.0))
    return math.sqrt(2 * one.n * share * (1 - share) / math.pi)
