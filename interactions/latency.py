"""Latency in four words (ledger M2)."""

CATEGORIES = ((1_000, "excellent"), (2_000, "good"), (5_000, "acceptable"))
POOR = "poor"


def latency_category(ms: float | None) -> str | None:
    """excellent below 1 s, good below 2 s, acceptable below 5 s, else poor; None where the latency is not known."""
    if ms is None:
        return None
    return next((name for limit, name in CATEGORIES if ms < limit), POOR)
