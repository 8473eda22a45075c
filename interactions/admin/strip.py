"""The strip above the list: how many interactions there were through the time shown, and where that is unusual."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

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
QUOTED_MINUTE = "%Y-%m-%dT%H%%3A%M"  # as an address holds it
LONGEST = timedelta(days=400)  # the strip of a list of all times
EARLIEST = datetime(1975, 1, 1, tzinfo=UTC)
BY_HOUR = (
    "The grey band is what is usual at this hour: the median of the same hour, the one before and the one after on the "
    "7 days before, give or take 3 robust standard deviations (1.4826 · MAD), at least 3 · √median; for columns shorter "
    "than an hour in proportion."
)
BY_COLUMN = (
    "The grey band is what is usual: the median of the columns shown, from the first one with any, give or take 3 robust "
    "standard deviations (1.4826 · MAD), at least 3 · √median."
)
# Fewer say nothing: of one question an hour, four within five minutes are a single person.
LEAST, LEAST_FAILED = 10, 5
FEW = (
    f"Only columns of {LEAST} or more, or of {LEAST_FAILED} failed ones, are marked, and the band is drawn where {LEAST} or "
    "more are usual."
)
NO_BAND = "There is too little history for a band of what is usual."
NOT_FOLLOWED = "Nothing is marked, because the columns do not follow every filter that is set."
Counts = Mapping[int, int]
Bands = dict[int, Band | None]


@dataclass(frozen=True, slots=True)
class Strip:
    """What the columns over `window` count: these begin before or end after the time `asked` for, if need be.

    `by_status` has them whatever status is asked for. `gaps` is of columns without any. `rule` says what is called
    unusual, `not_followed` which filters of the list the columns do not know.
    """

    chart: Chart | None
    asked: Window
    window: Window
    step: timedelta
    total: int
    errors: int
    by_status: Mapping[str, int]
    unusual: int
    columns: int
    gaps: int
    nothing: str
    rule: str
    not_followed: Sequence[str] = ()

    @property
    def is_marking(self) -> bool:
        return self.rule not in (NO_BAND, NOT_FOLLOWED)


def strip_of(project_id: int, filters: Filters, *, now: datetime, labels: Mapping[str, str]) -> Strip | None:
    """Return the strip of what the filters show; None for a time in which nothing can be drawn.

    `labels` are the words for filters that are set, by their name.
    """
    asked = _window(project_id, filters, now)
    if asked is None:
        return None
    metric = catalogue.metric(METRIC)
    level = level_for(metric, project_id=project_id, window=asked)
    window = _whole(asked, level, now)
    where = {name: getattr(filters, name) for name in FOLLOWED if getattr(filters, name)}
    found = counts(metric, project_id=project_id, window=window, level=level, by="status", where=where)
    shown = {name: found.get(name, {}) for name in STYLES if filters.status in {"", name}}
    before = _before(project_id, window, where) if level.seconds <= HOUR_S else {}
    others = [label for name, label in labels.items() if name not in {*FOLLOWED, "status", "since", "until"}]
    first = min((begin for one in (*found.values(), *before.values()) for begin in one), default=None)
    columns, rule = _columns(shown, before, window, level, now, first=None if others else first)
    total = sum(sum(one.parts.values()) for one in columns)
    errors = sum(one.parts.get("error", 0) for one in columns)
    unusual = sum(bool(one.unusual) for one in columns)
    gaps = sum(not any(one.parts.values()) for one in columns)
    nothing = "none of these was received" if where or filters.status else "nothing was received"
    step = timedelta(seconds=level.seconds)
    description = (
        f"Interactions from {window.start:%d %b %Y %H:%M} to {window.end:%d %b %Y %H:%M} UTC: {total:,}, of which "
        f"{errors:,} failed; {unusual} of {len(columns)} columns are unusual."
    )
    chart = strip_chart(
        columns, start=window.start, end=window.end, step=step, styles=STYLES, description=description, nothing=nothing
    )
    return Strip(
        chart=chart if total else None,
        asked=asked,
        window=window,
        step=step,
        total=total,
        errors=errors,
        by_status={name: sum(found.get(name, {}).values()) for name in STYLES},
        unusual=unusual,
        columns=len(columns),
        gaps=gaps,
        nothing=nothing,
        rule=NOT_FOLLOWED if others else rule,
        not_followed=others,
    )


def _window(project_id: int, filters: Filters, now: datetime) -> Window | None:
    end = filters.until or now
    start = filters.since or _first_at(project_id)
    if start is None or not EARLIEST < start < end or end.year > now.year + 1:
        return None
    return Window(max(start, end - LONGEST), end)


def _whole(window: Window, level: Level, now: datetime) -> Window:
    """The window in whole columns; the one that is going on ends now."""
    start = datetime.fromtimestamp(level.start_of(window.start.timestamp()), UTC)
    last = level.start_of((window.end - timedelta(microseconds=1)).timestamp())
    end = datetime.fromtimestamp(last + level.seconds, UTC)
    return Window(start, now if window.end == now else end)


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
    shown: Mapping[str, Counts],
    before: Mapping[str, Counts],
    window: Window,
    level: Level,
    now: datetime,
    *,
    first: int | None,
) -> tuple[list[StripColumn], str]:
    """`first` is the earliest time of which anything is known; None where nothing is to be marked."""
    begins = range(level.start_of(window.start.timestamp()), int(-(-window.end.timestamp() // 1)), level.seconds)
    # The last one may be going on, the first one have begun late; before it there is no history.
    whole = {begin for begin in begins if first is not None and first < begin <= now.timestamp() - level.seconds}
    usual, usual_errors, rule = _usual(shown, before, begins, sorted(whole), level) if whole else ({}, {}, NO_BAND)
    columns = []
    for begin in begins:
        parts = {name: found.get(begin, 0) for name, found in shown.items()}
        expected = usual.get(begin)
        odd, style = _oddness(parts, expected, usual_errors.get(begin), is_whole=begin in whole)
        spread = (round(expected.low, 1), round(expected.high, 1)) if expected and expected.middle >= LEAST else None
        at = datetime.fromtimestamp(begin, UTC)
        columns.append(StripColumn(at, parts, usual=spread, unusual=odd, style=style, drill=_edges(at, level)))
    return columns, rule if rule == NO_BAND else f"{rule} {FEW}"


def _edges(at: datetime, level: Level) -> str:
    """The query that lists a column, of which there are hundreds."""
    end = at + timedelta(seconds=level.seconds)
    return f"since={at:{QUOTED_MINUTE}}&until={end:{QUOTED_MINUTE}}"


def _usual(
    shown: Mapping[str, Counts], before: Mapping[str, Counts], begins: Sequence[int], whole: Sequence[int], level: Level
) -> tuple[Bands, Bands, str]:
    """The bands of all and of the failed ones for each column, and the rule that they follow."""
    names = tuple(shown)
    if found := _usual_of_hours(before, names, begins, level):
        return found, _usual_of_hours(before, ("error",), begins, level), BY_HOUR
    every = band([sum(shown[name].get(begin, 0) for name in names) for begin in whole])
    failed = band([shown.get("error", {}).get(begin, 0) for begin in whole])
    if every is None or not every.middle:  # of columns that are empty mostly, each other one would be odd
        return {}, {}, NO_BAND
    return dict.fromkeys(begins, every), dict.fromkeys(begins, failed), BY_COLUMN


def _oddness(parts: Mapping[str, int], usual: Band | None, usual_errors: Band | None, *, is_whole: bool) -> tuple[str, str]:
    """What is odd about a column, in words, and its style. Of a few nothing is said."""
    failed, total = parts.get("error", 0), sum(parts.values())
    if usual_errors and failed >= LEAST_FAILED and usual_errors.is_above(failed):
        return f"more errors than usual: {usual_errors.middle:,.0f}, at most {usual_errors.high:,.0f}", "bad"
    if usual and total >= LEAST and usual.is_above(total):
        return f"more than usual: {usual.middle:,.0f}, at most {usual.high:,.0f}", "warn"
    if usual and usual.middle >= LEAST and is_whole and usual.is_below(total):
        return f"fewer than usual: {usual.middle:,.0f}, at least {usual.low:,.0f}", "warn"
    return "", "warn"


def _usual_of_hours(before: Mapping[str, Counts], names: Sequence[str], begins: Sequence[int], level: Level) -> Bands:
    """The band of each column from the hours around it on the days before; {} where there is too little history."""
    known = [begin for hours in before.values() for begin in hours]
    if not known:
        return {}
    first = min(known)
    by_hour = {
        begin: sum(before.get(name, {}).get(begin, 0) for name in names) for begin in range(first, max(known) + 1, HOUR_S)
    }
    bands: Bands = {}
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
