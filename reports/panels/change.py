"""A figure against that of the window before: in words, and whether it is better or worse."""

from observatory.metrics.catalogue import Goodness
from observatory.stats.intervals import Interval, is_apart
from reports.panels.content import Change

SMALL = 0.10  # a change of a total of less than a tenth is not judged: totals have no interval
MANY_TIMES = 10.0


def no_comparison(n: int, *, least: int = 1) -> Change:
    """Of a window before that has too little. `n` is how many values it has, of which `least` are needed."""
    return Change("no comparison: nothing before" if n == 0 else f"no comparison: {n:,} before, {least:,} needed")


def change_of_total(now: float, before: float, *, is_whole: bool, goodness: Goodness | None = None) -> Change:
    """In percent; judged from a tenth on, if the metric has a goodness.

    Without `is_whole` the window before is older than the data: a part of it is no measure of a total.
    """
    if not is_whole:
        return Change("no comparison: the data began within the time before")
    if before == 0:
        return Change("as before" if now == 0 else "no comparison: nothing before")
    share = now / before - 1
    return Change(_percent(share), judgement(share, goodness) if abs(share) >= SMALL else "")


def change_of_figure(
    now: float,
    before: float,
    *,
    goodness: Goodness | None,
    intervals: tuple[Interval | None, Interval | None],
) -> Change:
    """In percent; judged where the two intervals share no value."""
    if before == 0:
        return Change("as before" if now == 0 else "no comparison: it was 0 before")
    return Change(_percent(now / before - 1), judgement(now - before, goodness) if is_apart(*intervals) else "")


def change_of_share(
    now: float,
    before: float,
    *,
    goodness: Goodness | None,
    intervals: tuple[Interval | None, Interval | None],
) -> Change:
    """In percentage points, for a percent of a percentage misleads; judged where the two intervals share no value."""
    points = (now - before) * 100
    words = "as before" if abs(points) < 0.005 else f"{signed(points, 1 if abs(points) >= 1 else 2)} points"
    return Change(words, judgement(points, goodness) if is_apart(*intervals) else "")


def judgement(change: float, goodness: Goodness | None) -> str:
    if goodness is None or change == 0:
        return ""
    return "better" if (change > 0) == (goodness is Goodness.HIGHER) else "worse"


def signed(number: float, places: int) -> str:
    """With its sign, a true minus: a hyphen is too short, and a spreadsheet would take it for a formula."""
    return f"{number:+.{places}f}".replace("-", "−")


def _percent(share: float) -> str:
    if abs(share) < 0.0005:
        return "as before"
    if share + 1 >= MANY_TIMES:
        return f"{share + 1:,.0f} times"
    return f"{signed(share * 100, 1 if abs(share) < 0.1 else 0)} %"
