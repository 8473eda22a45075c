"""How many answers tell a pass rate with a wished precision."""

from observatory.stats.intervals import wilson

WIDEST_AT = 0.5  # the share at which an interval is widest: what is known of a pass rate before anything was judged
MOST = 10_000_000


def answers_for(half_width: float, *, share: float = WIDEST_AT) -> int:
    """The fewest answers whose 95 % interval (Wilson) reaches no further than `half_width` to either side of its middle."""
    low, high = 1, MOST
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _half(share, middle) <= half_width else (middle + 1, high)
    return low


def _half(share: float, n: int) -> float:
    low, high = wilson(share * n, n) or (0.0, 1.0)
    return (high - low) / 2
