"""When the application is used: hours by weekdays."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from observatory.charts.heat_map import DAYS, HOURS, hour_by_weekday
from observatory.charts.marks import Mark
from observatory.metrics import catalogue
from observatory.metrics.levels import LEVELS
from observatory.metrics.series import Window
from observatory.metrics.windows import counts_by_start
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Content

COUNT = "interactions.count"
HOUR = LEVELS[2]
WEEKS = 4  # whole weeks, so that no weekday has more of them


def activity(asked: Asked) -> Content:
    metric = catalogue.metric(COUNT)
    window = Window(asked.window.end - timedelta(weeks=WEEKS), asked.window.end)
    counts = counts_by_start(metric, project_id=asked.project_id, window=window, level=HOUR, where=asked.followed(metric))
    if not counts:
        return Content(reason="No interaction in these four weeks.")
    cells: Counter[tuple[int, int]] = Counter()
    for start, n in counts.items():
        at = datetime.fromtimestamp(start, UTC)
        cells[at.weekday(), at.hour] += n
    total = sum(cells.values())
    (day, hour), most = cells.most_common(1)[0]
    every = {(day, hour): Mark(cells[day, hour] / WEEKS, n=cells[day, hour]) for day in range(7) for hour in range(HOURS)}
    busiest = f"Busiest: {DAYS[day]} {hour:02}:00 UTC, {_a_week(most / WEEKS)}."
    return Content(
        chart=hour_by_weekday(every, say=_a_week, description=f"Interactions by hour and weekday. {busiest}"),
        words=busiest,
        n=total,
        link=drill.interactions(asked),
    )


def _a_week(number: float) -> str:
    return f"{number:,.0f} a week" if number >= 10 or number == int(number) else f"{number:.1f} a week"


declare(
    Panel(
        "activity",
        "When is it used?",
        f"Interactions by hour (UTC) and weekday, the mean of the last {WEEKS} weeks, whatever range is chosen; "
        "hours without any count as 0.",
        "Traffic",
        activity,
    ),
)
