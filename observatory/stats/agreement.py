"""How far two raters agree: the share on which they say the same, and Cohen's kappa, which leaves out what chance gives."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from observatory.stats.intervals import Z_95, Interval, wilson

FEWEST_PAIRS = 30  # below it a large-sample interval of kappa is no interval
NOTHING_COMPARED = "nothing was rated by both"
ALWAYS_THE_SAME = "both always gave the same verdict, so agreement beyond chance cannot be told"


@dataclass(frozen=True, slots=True)
class Kappa:
    """`value` is None where it is undefined, `interval` (95 %) where too few pairs tell nothing; `reason` says why."""

    value: float | None
    interval: Interval | None
    n: int
    reason: str = ""


@dataclass(frozen=True)
class Agreement:
    """How often the first rater said `a` where the second said `b`, as `{(a, b): n}`. Of parts of the data, add them up."""

    cells: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> "Agreement":
        cells: dict[tuple[str, str], int] = {}
        for pair in pairs:
            cells[pair] = cells.get(pair, 0) + 1
        return cls(cells)

    def __add__(self, other: "Agreement") -> "Agreement":
        keys = {*self.cells, *other.cells}
        return Agreement({key: self.count(*key) + other.count(*key) for key in keys})

    def count(self, first: str, second: str) -> int:
        return self.cells.get((first, second), 0)

    @property
    def n(self) -> int:
        return sum(self.cells.values())

    @property
    def agreed(self) -> int:
        return sum(n for (first, second), n in self.cells.items() if first == second)

    @property
    def accuracy(self) -> float | None:
        """The share on which both say the same; None of nothing."""
        return self.agreed / self.n if self.n else None

    @property
    def accuracy_interval(self) -> Interval | None:
        return wilson(self.agreed, self.n)

    @property
    def kappa(self) -> Kappa:
        return _kappa(self)


def _kappa(table: Agreement) -> Kappa:
    """J. Cohen, "A coefficient of agreement for nominal scales" (1960); its error by J. L. Fleiss, J. Cohen, B. S. Everitt,
    "Large sample standard errors of kappa and weighted kappa", Psychological Bulletin 72 (1969), equation 13.
    """
    n = table.n
    if not n:
        return Kappa(None, None, 0, NOTHING_COMPARED)
    names = sorted({name for pair in table.cells for name in pair})
    shares = {(a, b): table.count(a, b) / n for a in names for b in names}
    first = {a: sum(shares[a, b] for b in names) for a in names}
    second = {b: sum(shares[a, b] for a in names) for b in names}
    observed = table.agreed / n
    expected = sum(first[name] * second[name] for name in names)
    if 1 - expected < 1e-12:
        return Kappa(None, None, n, ALWAYS_THE_SAME)
    value = (observed - expected) / (1 - expected)
    if n < FEWEST_PAIRS:
        return Kappa(value, None, n, f"too few for an interval: {n} of {FEWEST_PAIRS}")
    if table.agreed == n:
        return Kappa(value, None, n, "they never differed, of which the large-sample interval has no width")
    on = sum(shares[name, name] * ((1 - expected) - (first[name] + second[name]) * (1 - observed)) ** 2 for name in names)
    off = sum(shares[a, b] * (second[a] + first[b]) ** 2 for a in names for b in names if a != b)
    rest = (observed * expected - 2 * expected + observed) ** 2
    variance = max(0.0, on + (1 - observed) ** 2 * off - rest) / (n * (1 - expected) ** 4)
    half = Z_95 * math.sqrt(variance)
    return Kappa(value, (max(-1.0, value - half), min(1.0, value + half)), n)
