"""The strip above the list: how many interactions there were through the time shown, and where that is unusual."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from interactions.models import Interaction
from interactions.reading.filters import Filters
from observatory.charts.chart import Chart
from observatory.charts.strip import StripColumn, strip_chart
from observatory.metrics import catalogue
from observatory.metrics.counts import counts
from observatory.metrics.levels import LEVELS, Level
from observatory.metrics.series import Window, level_for
from observatory.stats.bands import Band, band

METRIC = "interactions.count"
STYLES = {"ok": "accent", "error": "bad"}
FOLLOWED = ("model", "environment")
HOUR = LEVELS[2]
HOUR_S = HOUR.seconds
DAYS_BEFORE = 7
LONGEST = timedelta(days=400)  # the strip of a list of all times
EARLIEST = datetime(1975, 1, 1, tzinfo=UTC)
BY_HOUR = (
    "The grey band is what is usual at this hour: the median of the same hour, the one before and the one after on the "
    "7 days before, give or take 3 robust standard deviations (1.4826 · MAD), at least 3 · √median; for columns shorter than "
    "an hour in proportion."
)
BY_COLUMN = (
    "The grey band is what is usual: the median of the columns shown, give or take 3 robust standard deviations "
    "(1.4826 · MAD), at least 3 · √median."
)
NO_BAND = "There is too little history for a band of what is usual."
Counts = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Strip:
    """`rule` says what is called unusual, `not_followed` which filters of the list the columns do not know."""

    chart: Chart | None
    window: Window
    step: timedelta
    total: int
    errors: int
    unusual: int
    rule: str
    not_followed: Sequence[str] = ()


def strip_of(project_id: int, filters: Filters, *, now: datetime, labels: Mapping[str, str]) -> Strip | None:
    """Return the strip of what the filters show; None for a time in which nothing can be drawn.

    `labels` are the words for filters that are set, by their name.
    """
    window = _window(project_id, filters, now)
    if window is None:
        return None
    metric = catalogue.metric(METRIC)
    level = level_for(metric, project_id=project_id, window=window)
    where = {name: getattr(filters, name) for name in FOLLOWED if getattr(filters, name)}
    found = counts(metric, project_id=project_id, window=window, level=level, by="status", where=where)
    shown = {name: found.get(name, {}) for name in STYLES if filters.status in {"", name}}
    before = _before(project_id, window, where) if level.seconds <= HOUR_S else {}
    columns, rule = _columns(shown, before, window, level, now)
    total = sum(sum(one.parts.values()) for one in columns)
    errors = sum(one.parts.get("error", 0) for one in columns)
    unusual = sum(bool(one.unusual) for one in columns)
    step = timedelta(seconds=level.seconds)
    description = (
        f"Interactions from {window.start:%d %b %Y %H:%M} to {window.end:%d %b %Y %H:%M} UTC: {total:,}, of which "
        f"{errors:,} failed; {unusual} of {len(columns)} columns are unusual."
    )
    chart = strip_chart(columns, start=window.start, end=window.end, step=step, styles=STYLES, description=description)
    others = [label for name, label in labels.items() if name not in {*FOLLOWED, "status", "since", "until"}]
    return Strip(chart if total else None, window, step, total, errors, unusual, rule, others)


def _window(project_id: int, filters: Filters, now: datetime) -> Window | None:
    end = filters.until or now
    start = filters.since or _first_at(project_id)
    if start is None or not EARLIEST < start < end or end.year > now.year + 1:
        return None
    return Window(max(start, end - LONGEST), end)


def _first_at(project_id: int) -> datetime | None:
    own = Interaction.objects.for_project(project_id).filter(asked_at__gt=EARLIEST).order_by("asked_at")
    return own.values_list("asked_at", flat=True).first()


def _before(project_id: int, window: Window, where: Mapping[str, str]) -> dict[str, Counts]:
    """The hours of the days before the window's first and up to its end, by status."""
    start = window.start - timedelta(days=DAYS_BEFORE, hours=1)
    metric = catalogue.metric(METRIC)
    hours = Window(max(start, EARLIEST), window.end)
    return dict(counts(metric, project_id=project_id, window=hours, level=HOUR, by="status", where=where))


def _columns(
    shown: Mapping[str, Counts], before: Mapping[str, Counts], window: Window, level: Level, now: datetime
) -> tuple[list[StripColumn], str]:
    first = level.start_of(window.start.timestamp())
    begins = range(first, int(-(-window.end.timestamp() // 1)), level.seconds)
    whole = [begin for begin in begins if begin + level.seconds <= now.timestamp()]  # the last one may be going on
    names = tuple(shown)
    usual = _usual_of_hours(before, names, begins, level)
    usual_errors = _usual_of_hours(before, ("error",), begins, level)
    rule = BY_HOUR
    if not usual:
        all_shown = band([sum(shown[name].get(begin, 0) for name in names) for begin in whole])
        errors_shown = band([shown.get("error", {}).get(begin, 0) for begin in whole])
        usual = dict.fromkeys(begins, all_shown) if all_shown else {}
        usual_errors = dict.fromkeys(begins, errors_shown) if errors_shown else {}
        rule = BY_COLUMN if usual else NO_BAND
    complete = set(whole)
    columns = []
    for begin in begins:
        parts = {name: shown[name].get(begin, 0) for name in names}
        expected = usual.get(begin)
        odd, style = _oddness(parts, expected, usual_errors.get(begin), is_whole=begin in complete)
        at = datetime.fromtimestamp(begin, UTC)
        edges = {"since": at.isoformat(), "until": (at + timedelta(seconds=level.seconds)).isoformat()}
        spread = (expected.low, expected.high) if expected else None
        columns.append(StripColumn(at, parts, usual=spread, unusual=odd, style=style, drill=urlencode(edges)))
    return columns, rule


def _oddness(parts: Mapping[str, int], usual: Band | None, usual_errors: Band | None, *, is_whole: bool) -> tuple[str, str]:
    """What is odd about a column, in words, and its style."""
    if usual_errors and usual_errors.is_above(parts.get("error", 0)):
        return f"more errors than usual: {usual_errors.middle:,.0f}, at most {usual_errors.high:,.0f}", "bad"
    total = sum(parts.values())
    if usual and usual.is_above(total):
        return f"more than usual: {usual.middle:,.0f}, at most {usual.high:,.0f}", "warn"
    if usual and is_whole and usual.is_below(total):
        return f"fewer than usual: {usual.middle:,.0f}, at least {usual.low:,.0f}", "warn"
    return "", "warn"


def _usual_of_hours(
    before: Mapping[str, Counts], names: Sequence[str], begins: Sequence[int], level: Level
) -> dict[int, Band | None]:
    """The band of each column from the hours around it on the days before; {} where there is too little history."""
    known = [begin for hours in before.values() for begin in hours]
    if not known:
        return {}
    first = min(known)
    by_hour = {
        begin: sum(before.get(name, {}).get(begin, 0) for name in names) for begin in range(first, max(known) + 1, HOUR_S)
    }
    bands: dict[int, Band | None] = {}
    for begin in begins:
        hour = HOUR.start_of(begin)
        if hour not in bands:
            around = [hour - day * 86_400 + near * HOUR_S for day in range(1, DAYS_BEFORE + 1) for near in (-1, 0, 1)]
            bands[hour] = band([by_hour.get(one, 0) for one in around if first <= one])
    factor = level.seconds / HOUR_S
    found = {begin: bands[HOUR.start_of(begin)] for begin in begins}
    if not all(found.values()):
        return {}
    return {begin: one.times(factor) if one else None for begin, one in found.items()}
