"""How the metrics themselves are doing: what waits for the roll-up, what failed, which labels overflowed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from observatory.metrics.catalogue import MAX_SERIES, OTHER, metrics
from observatory.metrics.levels import LEVELS
from observatory.metrics.models import Horizon, Series, StaleBucket

LEVEL_NAMES = (*(level.name for level in LEVELS), "counters")
MOST_COUNTED = 200_000  # rows; beyond, "more than" is enough, and a full count is slow
FAILED_SHOWN = 50


@dataclass(frozen=True, slots=True)
class LevelState:
    """Marks of one level. All changes before `watermark` are in its buckets; `rows` is None above MOST_COUNTED."""

    name: str
    waiting: int
    failed: int
    watermark: datetime
    lag_s: float
    rows: int | None


def level_states(project_id: int, *, now: datetime) -> list[LevelState]:
    """Return the state of each level, and of the counters of Prometheus last."""
    waiting = Q(error="")
    counts = {
        "waiting": Count("id", filter=waiting),
        "failed": Count("id", filter=~waiting),
        "oldest": Min("marked_at", filter=waiting),
    }
    grouped = StaleBucket.objects.filter(project_id=project_id).order_by().values("level").annotate(**counts)
    marks = {level: rest for level, *rest in grouped.values_list("level", *counts)}
    found = []
    for number, name in enumerate(LEVEL_NAMES):
        waits, failed, oldest = marks.get(number, (0, 0, None))
        watermark = min(oldest or now, now)
        rows = _bounded_count(project_id, number) if number < len(LEVELS) else 0
        lag_s = (now - watermark).total_seconds()
        found.append(LevelState(name, waits, failed, watermark, lag_s, rows))
    return found


@dataclass(frozen=True, slots=True)
class RollupState:
    """Of all levels together: how long the oldest mark waits, and how many marks failed."""

    lag_s: float
    failed: int


def rollup_state(project_id: int, *, now: datetime) -> RollupState:
    """In one query: for a page that shows more than this."""
    marks = StaleBucket.objects.filter(project_id=project_id)
    found = marks.aggregate(oldest=Min("marked_at", filter=Q(error="")), failed=Count("id", filter=~Q(error="")))
    oldest = found["oldest"]
    return RollupState(max(0.0, (now - oldest).total_seconds()) if oldest else 0.0, found["failed"])


def _bounded_count(project_id: int, number: int) -> int | None:
    rows = LEVELS[number].rows.filter(series__project_id=project_id).order_by().values("start")[: MOST_COUNTED + 1]
    counted = rows.count()
    return counted if counted <= MOST_COUNTED else None


def failed_buckets(project_id: int) -> list[StaleBucket]:
    """Return the buckets that could not be recomputed, the latest first."""
    return list(StaleBucket.objects.failed().filter(project_id=project_id).order_by("-id")[:FAILED_SHOWN])


def retry_failed(project_id: int) -> int:
    """Let the next roll-up try the failed buckets again; return how many marks."""
    return StaleBucket.objects.failed().filter(project_id=project_id).update(error="")


@dataclass(frozen=True, slots=True)
class LabelState:
    """How many values of a label are told apart, of how many at most; whether others were counted together."""

    name: str
    values: int
    cap: int
    has_overflowed: bool


@dataclass(frozen=True, slots=True)
class SeriesState:
    """The series of a metric against the caps."""

    metric: str
    series: int
    labels: list[LabelState]

    @property
    def has_overflowed(self) -> bool:
        return self.series >= MAX_SERIES or any(label.has_overflowed for label in self.labels)


def series_states(project_id: int) -> list[SeriesState]:
    """Return the metrics that have series, those that overflowed first, then by the number of series."""
    rows: dict[str, list[list[str]]] = defaultdict(list)
    for name, labels in Series.objects.filter(project_id=project_id).values_list("metric", "labels"):
        rows[name].append(labels)
    found = [
        SeriesState(
            metric.name,
            len(rows[metric.name]),
            [
                _label_state(label.name, label.cap, {labels[place] for labels in rows[metric.name] if place < len(labels)})
                for place, label in enumerate(metric.labels)
            ],
        )
        for metric in metrics()
        if metric.name in rows
    ]
    return sorted(found, key=lambda state: (not state.has_overflowed, -state.series, state.metric))


def _label_state(name: str, cap: int, values: set[str]) -> LabelState:
    return LabelState(name, len(values - {OTHER}), cap, OTHER in values)


def horizons_by_source(project_id: int) -> dict[str, dict[int, int]]:
    """Return for each source up to which Unix second its facts (Horizon.FACTS) and the buckets of a level were deleted."""
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for source, level, until in Horizon.objects.filter(project_id=project_id).values_list("source", "level", "until"):
        found[source][level] = until
    return dict(sorted(found.items()))
