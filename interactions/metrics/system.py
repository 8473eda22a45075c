"""Metrics of machines (ledger M1, M5) and of the components that applications report (F5): from events.

Observatory reports its own machine by the same event, into its own project: see observatory/watch/.
"""

from collections.abc import Callable
from typing import Any

from interactions.metrics.sources import EVENTS
from interactions.models.event import COMPONENT_HEALTH
from observatory.metrics.catalogue import Exposed, Getter, Goodness, Kind, Label, Metric, Prometheus, declare
from observatory.metrics.rollup.collect import number

SYSTEM_SAMPLE = "system.sample"
SHOWN_S = 300  # a machine that has said nothing for so long is no longer shown
# Ledger M5: how much of each share of use is taken off a hundred.
WEIGHTS = {"cpu_percent": 0.3, "memory_percent": 0.4, "disk_percent": 0.3}
HEALTHY, WARNING = 80.0, 60.0
# How far a component is usable, by the words in which applications say so.
STATUSES = {
    "healthy": 1.0, "ok": 1.0, "up": 1.0, "available": 1.0, "closed": 1.0, "pass": 1.0, "success": 1.0,
    "degraded": 0.5, "warning": 0.5, "warn": 0.5, "slow": 0.5, "half_open": 0.5, "half-open": 0.5,
    "failing": 0.0, "error": 0.0, "down": 0.0, "failed": 0.0, "fail": 0.0, "critical": 0.0, "unhealthy": 0.0,
    "unavailable": 0.0, "open": 0.0,
}  # fmt: skip


def health_score(values: Any) -> float | None:
    """Return 100 - (0.3 CPU + 0.4 memory + 0.3 disk), from 0 to 100; None unless all three percentages are known."""
    used = [number(values.get(name)) for name in WEIGHTS]
    parts = [weight * one for weight, one in zip(WEIGHTS.values(), used, strict=True) if one is not None]
    return min(100.0, max(0.0, 100.0 - sum(parts))) if len(parts) == len(WEIGHTS) else None


def health_word(score: float) -> str:
    """`healthy` above 80, `warning` above 60, else `critical`."""
    if score > HEALTHY:
        return "healthy"
    return "warning" if score > WARNING else "critical"


def component_health(status: Any) -> float | None:
    """Return 1 (healthy), 0.5 (degraded), 0 (failing), or None for a word that is not known."""
    return STATUSES.get(status.strip().lower()) if isinstance(status, str) else None


def health_of(data: Any) -> float | None:
    """Return the health that the data of a `component.health` event tells: by its status, else by its state."""
    found = component_health(data.get("status"))
    return component_health(data.get("state")) if found is None else found


def host(row: Any) -> str:
    return str(row.data.get("host") or row.component)


HOST = Label("host", host)


def gauge(name: str, unit: str, text: str, value: Getter, goodness: Goodness | None, family: str) -> Metric:
    return Metric(
        f"system.{name}",
        unit=unit,
        help=text,
        kind=Kind.GAUGE,
        source=EVENTS,
        value=value,
        of=(SYSTEM_SAMPLE,),
        labels=(HOST,),
        goodness=goodness,
        is_shared=True,
        prometheus=(
            Prometheus(f"{{ns}}_{family}", Exposed.GAUGE_LAST, labels=(("host", "host"),), window_s=SHOWN_S, help=text),
        ),
    )


def field(name: str) -> Callable[[Any], Any]:
    return lambda row: row.data.get(name)


LOWER, HIGHER = Goodness.LOWER, Goodness.HIGHER
declare(
    gauge("cpu", "percent", "CPU in use.", field("cpu_percent"), LOWER, "system_cpu_percent"),
    gauge("memory", "percent", "Memory in use.", field("memory_percent"), LOWER, "system_memory_percent"),
    gauge("disk", "percent", "Disk in use.", field("disk_percent"), LOWER, "system_disk_percent"),
    gauge("disk_free", "bytes", "Free room on the disk.", field("disk_free_bytes"), HIGHER, "system_disk_free_bytes"),
    gauge(
        "network",
        "bytes/s",
        "Bytes a second that came in and went out.",
        field("network_bytes_per_s"),
        None,
        "system_network_bytes_per_second",
    ),
    gauge("connections", "1", "Open TCP connections.", field("connections"), None, "system_open_connections"),
    gauge("queue", "1", "Work that waits.", field("queue_size"), LOWER, "system_queue_size"),
    gauge(
        "health_score",
        "points",
        "100 - (0.3 CPU + 0.4 memory + 0.3 disk): above 80 healthy, above 60 warning, else critical.",
        lambda row: health_score(row.data),
        Goodness.HIGHER,
        "system_health",
    ),
    Metric(
        "components.health",
        unit="share",
        help="Components of the application, as it reports them: 1 healthy, 0.5 degraded, 0 failing.",
        kind=Kind.GAUGE,
        source=EVENTS,
        value=lambda row: health_of(row.data),
        of=(COMPONENT_HEALTH,),
        labels=(Label("component", empty="none"),),
        goodness=Goodness.HIGHER,
        prometheus=(
            Prometheus(
                "{ns}_component_health",
                Exposed.GAUGE_LAST,
                labels=(("component", "component"),),
                window_s=SHOWN_S,
                help="Components of the application, as it reports them: 1 healthy, 0.5 degraded, 0 failing.",
            ),
        ),
    ),
)
