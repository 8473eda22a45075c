"""How many values a quantile needs before it is told: of fewer none lies beyond it, and it would only be the largest one."""

import math

from observatory.stats.summary import Summary

FEWEST = 5  # of a median, too


def needed(q: float) -> int:
    """How many values the quantile needs for one of them to lie beyond it: 20 for p95, 100 for p99."""
    return max(FEWEST, math.ceil(round(1 / min(q, 1 - q), 6)))


def told_quantile(summary: Summary, q: float) -> float | None:
    """The quantile of enough values; None of fewer."""
    return summary.quantile(q) if summary.n >= needed(q) else None


def too_few(n: int, q: float) -> str:
    """What is said in the place of a quantile of `n` values; "" where they are enough, or none."""
    return f"n < {needed(q)}" if 0 < n < needed(q) else ""
