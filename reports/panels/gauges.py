"""A level through time in figures: how high it was on average, nearly always, at most, and when that was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from observatory.metrics.series import Point
from observatory.stats.enough import needed
from observatory.stats.summary import merge

USUAL = 0.95


@dataclass(frozen=True, slots=True)
class Use:
    """`p95` is that of the means of the steps: 95 % of the time the level was not above it; None of too few steps.

    `peak_at` begins its step.
    """

    last: float | None
    mean: float
    p95: float | None
    peak: float
    peak_at: datetime
    n: int


def use_of(points: Sequence[Point]) -> Use | None:
    """None of no values."""
    whole = merge(point.summary for point in points)
    if whole.mean is None:
        return None
    means = sorted(point.summary.mean for point in points if point.summary.mean is not None)
    highest = max(points, key=lambda point: -float("inf") if point.summary.maximum is None else point.summary.maximum)
    p95 = means[min(len(means) - 1, int(USUAL * len(means)))] if len(means) >= needed(USUAL) else None
    peak = whole.mean if highest.summary.maximum is None else highest.summary.maximum
    return Use(whole.last, whole.mean, p95, peak, highest.start, whole.n)


def step_word(seconds: int) -> str:
    """The length of a step of a chart, in the singular or plural that follows "in the"."""
    return {60: "minute", 300: "5 minutes", 3_600: "hour", 86_400: "day"}.get(seconds, long(timedelta(seconds=seconds)))


def long(span: timedelta) -> str:
    """How long, as people say it: 45 min, 3 h 20 min, 2 d 4 h."""
    minutes = round(span.total_seconds() / 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min"
