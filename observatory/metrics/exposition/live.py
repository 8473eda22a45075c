"""Gauges that are read at the moment of a scrape: what no bucket holds, like the number of stale marks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

Read = Callable[[int, datetime], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class LiveGauge:
    """`name` may begin with "{ns}"."""

    name: str
    help: str


_GAUGES: list[tuple[tuple[LiveGauge, ...], Read]] = []


def declare_live(*gauges: LiveGauge, read: Read) -> None:
    """Add gauges. `read(project_id, now)` returns the value of each by its name; one that has none now is left out."""
    taken = {one.name for one in live_gauges()} & {one.name for one in gauges}
    if taken:
        raise ValueError(f"Declared twice: {', '.join(sorted(taken))}.")
    _GAUGES.append((gauges, read))


def live_gauges() -> list[LiveGauge]:
    return [one for gauges, _ in _GAUGES for one in gauges]


def read_live(project_id: int, *, now: datetime) -> list[tuple[LiveGauge, float]]:
    found = []
    for gauges, read in _GAUGES:
        values = read(project_id, now)
        found += [(one, values[one.name]) for one in gauges if one.name in values]
    return found
