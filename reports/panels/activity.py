"""When the application is used: hours by weekdays."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from operator import itemgetter

from observatory.charts.heat_map import DAYS, hour_by_weekday
from observatory.charts.marks import Mark
from observatory.metrics import catalogue
from observatory.metrics.counts import counts
from observatory.metrics.levels import LEVELS
from observatory.metrics.series import Window
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Content

COUNT = "interactions.count"
HOUR = LEVELS[2]
WEEKS = 4  # whole weeks, so that no weekday has more of them


def activity(asked: Asked) -> Content:
    metric = catalogue.metric(COUNT)
    window = _whole_weeks(asked.window.end)
    found = counts(metric, project_id=asked.project_id, window=window, level=HOUR, where=asked.followed(metric)).get("")
    if not found:
        return Content(reason="No interaction in these four weeks.")
    cells: Counter[tuple[int, int]] = Counter()
    for start, n in found.items():
        at = datetime.fromtimestamp(start, UTC)
        cells[at.weekday(), at.hour] += n
    first = max(window.start, asked.first_at or window.start)
    times = _times(Window(first, window.end))
    every = {cell: Mark(cells[cell] / of, n=cells[cell]) for cell, of in times.items()}
    (day, hour), most = max(((cell, cells[cell] / of) for cell, of in times.items()), key=itemgetter(1))
    busiest = f"Busiest: {DAYS[day]} {hour:02}:00 UTC, {_a_week(most)}."
    since = f" The mean since {first.day} {first:%b %Y}, when the data begin." if first > window.start else ""
    return Content(
        chart=hour_by_weekday(every, say=_a_week, description=f"Interactions by hour and weekday. {busiest}"),
        words=busiest + since,
        n=sum(cells.values()),
        link=drill.interactions(asked),
    )


def _whole_weeks(end: datetime) -> Window:
    """WEEKS up to the hour that goes on, in whole hours: each hour of the week comes as often."""
    last = datetime.fromtimestamp(-(-end.timestamp() // HOUR.seconds) * HOUR.seconds, UTC)
    return Window(last - timedelta(weeks=WEEKS), last)


def _times(window: Window) -> Counter[tuple[int, int]]:
    """How often each hour of the week came: the data of a new project cover a part of the weeks only."""
    first, last = HOUR.start_of(window.start.timestamp()), int(window.end.timestamp())
    starts = (datetime.fromtimestamp(at, UTC) for at in range(first, last, HOUR.seconds))
    return Counter((at.weekday(), at.hour) for at in starts)


def _a_week(number: float) -> str:
    return f"{number:,.0f} a week" if number >= 10 or number == int(number) else f"{number:.1f} a week"


declare(
    Panel(
        "activity",
        "When is it used?",
        f"Interactions by hour (UTC) and weekday, the mean of the last {WEEKS} weeks, or since the data begin, whatever "
        "range is chosen; hours without any count as 0, those before the data not at all.",
        "Traffic",
        activity,
    ),
)
