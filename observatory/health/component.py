"""A component and how it is."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.db import Error
from kombu.exceptions import OperationalError as BrokerIsAway

HEALTHY, DEGRADED, FAILING = "healthy", "degraded", "failing"
UNKNOWN, OFF = "unknown", "off"  # it has not been heard of; it is not used here
SCORES = {HEALTHY: 100.0, DEGRADED: 50.0, FAILING: 0.0}  # the others do not count

Judged = tuple[str, str]  # status, detail


@dataclass(frozen=True, slots=True)
class Component:
    """`state` is a word of the component itself, like that of a circuit breaker."""

    name: str
    status: str
    detail: str
    latency_ms: float | None = None
    state: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def checked(name: str, check: Callable[[], Judged]) -> Component:
    """Run a check and time it; what cannot be reached is failing."""
    begun = time.perf_counter()
    try:
        status, detail = check()
    except (Error, BrokerIsAway, OSError) as error:
        status, detail = FAILING, f"It cannot be reached ({type(error).__name__})."
    return Component(name, status, detail, round((time.perf_counter() - begun) * 1000, 3))


def by_age(age_s: float, *, degraded_s: float, failing_s: float) -> str:
    if age_s > failing_s:
        return FAILING
    return DEGRADED if age_s > degraded_s else HEALTHY


def score_of(components: list[Component]) -> float | None:
    """Return the mean of what is known, from 0 to 100; None if nothing is."""
    scores = [SCORES[one.status] for one in components if one.status in SCORES]
    return round(sum(scores) / len(scores), 1) if scores else None
