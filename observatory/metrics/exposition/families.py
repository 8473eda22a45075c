"""The families on /metrics, put together from the declarations of all metrics."""

from collections.abc import Iterable
from dataclasses import dataclass

from observatory.metrics import catalogue
from observatory.metrics.catalogue import Exposed, Metric, Prometheus
from observatory.metrics.exposition.live import live_gauges

Part = tuple[Metric, Prometheus]
PROMETHEUS_TYPES = {Exposed.COUNTER: "counter", Exposed.HISTOGRAM: "histogram"}


@dataclass(frozen=True, slots=True)
class Family:
    """One name on /metrics. Several metrics may feed it: where their label sets meet, they are added.

    `name` may begin with "{ns}". `boundaries` are in the unit that Prometheus sees.
    """

    name: str
    type: Exposed
    help: str
    labels: tuple[str, ...]
    boundaries: tuple[float, ...]
    window_s: int
    parts: tuple[Part, ...]

    @property
    def prometheus_type(self) -> str:
        return PROMETHEUS_TYPES.get(self.type, "gauge")


@dataclass(frozen=True, slots=True)
class Listed:
    """A family as a page of the docs shows it."""

    name: str
    type: str
    labels: tuple[str, ...]
    boundaries: tuple[float, ...]
    help: str
    metrics: tuple[str, ...]


def families() -> list[Family]:
    """All families of the catalogue, by name. ValueError if two declarations of one name do not fit together."""
    parts: dict[str, list[Part]] = {}
    for metric in catalogue.metrics():
        for one in metric.prometheus:
            parts.setdefault(one.name, []).append((metric, one))
    return [_family(name, group) for name, group in sorted(parts.items())]


def listed() -> list[Listed]:
    """Everything that can stand on /metrics, by name, for documentation."""
    declared = [
        Listed(one.name, one.prometheus_type, one.labels, one.boundaries, one.help, _metrics(one)) for one in families()
    ]
    live = [Listed(one.name, "gauge", (), (), one.help, ()) for one in live_gauges()]
    return sorted([*declared, *live], key=lambda one: one.name)


def scaled(value: float, scale: float) -> float:
    """100 ms are 0.1 s and not 0.1000000000000000056."""
    return float(f"{value * scale:.12g}")


def _family(name: str, parts: list[Part]) -> Family:
    shapes = {_shape(one) for _, one in parts}
    if len(shapes) > 1:
        raise ValueError(
            f"The declarations of {name} differ in type, labels, boundaries, window or scale: {sorted(map(str, shapes))}."
        )
    kind, labels, boundaries, window_s, _ = shapes.pop()
    return Family(name, kind, _first_help(parts), labels, boundaries, window_s, tuple(parts))


def _metrics(family: Family) -> tuple[str, ...]:
    return tuple(sorted({metric.name for metric, _ in family.parts}))


def _shape(one: Prometheus) -> tuple[Exposed, tuple[str, ...], tuple[float, ...], int, float | None]:
    labels = (*(name for name, _ in one.fixed), *(name for name, _ in one.labels))
    boundaries = tuple(scaled(boundary, one.scale) for boundary in one.boundaries)
    # What is counted is scaled before it is added; the mean of a gauge can only be scaled afterwards.
    scale = None if one.type in PROMETHEUS_TYPES else one.scale
    return one.type, labels, boundaries, one.window_s, scale


def _first_help(parts: Iterable[Part]) -> str:
    return next((one.help for _, one in parts if one.help), "") or next(metric.help for metric, _ in parts)
