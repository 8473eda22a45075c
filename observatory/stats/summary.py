"""What is kept of the values of a stretch of time: enough to merge, to compare and to ask for quantiles."""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from observatory.stats import distinct, sketch

EMPTY_BINS: Mapping[int, int] = {}


@dataclass(frozen=True, slots=True)
class Summary:
    """Of `n` values: sum, sum of squares, extremes, the last one, and by kind of metric bins, bounds or hashes.

    `bounds` counts the values at most as large as each boundary that the metric declared, exactly. `hashes` are the
    smallest ones of a distinct count. Merging is free of order: sums are rounded once (`math.fsum`), never on the way.
    """

    n: int = 0
    total: float = 0.0
    squares: float = 0.0
    minimum: float | None = None
    maximum: float | None = None
    last: float | None = None
    last_at: float | None = None  # Unix seconds of `last`
    bins: Mapping[int, int] = field(default_factory=dict)
    bounds: tuple[int, ...] = ()
    hashes: tuple[int, ...] = ()

    @property
    def mean(self) -> float | None:
        return self.total / self.n if self.n else None

    @property
    def variance(self) -> float | None:
        """The sample's variance; None of fewer than two values."""
        if self.n < 2:
            return None
        return max(0.0, (self.squares - self.total * self.total / self.n) / (self.n - 1))

    @property
    def distinct(self) -> float:
        return distinct.estimate(self.hashes)

    def quantile(self, q: float) -> float | None:
        """Return the quantile within 1 %, and never outside of the values seen; None without bins."""
        if not self.bins or self.minimum is None or self.maximum is None:
            return None
        return min(max(sketch.quantile(self.bins, q), self.minimum), self.maximum)


def summarise(values: Sequence[float], *, has_bins: bool = False, boundaries: Sequence[float] = ()) -> Summary:
    """Summarise finite values of which at least one is given. Their order does not matter."""
    return Summary(
        n=len(values),
        total=math.fsum(values),
        squares=math.fsum([value * value for value in values]),
        minimum=min(values),
        maximum=max(values),
        bins=sketch.bins_of(values) if has_bins else {},
        bounds=_bounds(values, boundaries),
    )


def _bounds(values: Sequence[float], boundaries: Sequence[float]) -> tuple[int, ...]:
    if not boundaries:
        return ()
    ordered = Counter(bisect_left(boundaries, value) for value in values)
    counts, seen = [], 0
    for place in range(len(boundaries)):
        seen += ordered[place]
        counts.append(seen)
    return tuple(counts)


def merge(summaries: Iterable[Summary]) -> Summary:
    """Return the summary of all the values: the same for every order and grouping of whole inputs."""
    parts = [one for one in summaries if one.n]
    if len(parts) <= 1:
        return parts[0] if parts else Summary()
    latest = max(((part.last_at, part.last) for part in parts if part.last_at is not None), default=(None, None))
    return Summary(
        n=sum(part.n for part in parts),
        total=math.fsum(part.total for part in parts),
        squares=math.fsum(part.squares for part in parts),
        minimum=min((part.minimum for part in parts if part.minimum is not None), default=None),
        maximum=max((part.maximum for part in parts if part.maximum is not None), default=None),
        last=latest[1],
        last_at=latest[0],
        bins=_together([part.bins for part in parts if part.bins]),
        bounds=_added([part.bounds for part in parts if part.bounds]),
        hashes=distinct.smallest_of_all([part.hashes for part in parts if part.hashes]),
    )


def _together(bins: Sequence[Mapping[int, int]]) -> Mapping[int, int]:
    """Add counts bin by bin. `Counter.update` would take twice as long, and a page of charts adds thousands of sketches."""
    if len(bins) <= 1:
        return bins[0] if bins else {}
    first, *rest = bins
    found = dict(first)
    for one in rest:
        for place, count in one.items():
            found[place] = found.get(place, 0) + count
    return found


def _added(rows: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """Add counts place by place. Rows of an older, other list of boundaries cannot be added; the longest list stands."""
    if not rows:
        return ()
    size = max(map(len, rows))
    return tuple(map(sum, zip(*(row for row in rows if len(row) == size), strict=True)))
