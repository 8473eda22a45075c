"""What the month and the year will cost if days go on as they did (ledger R3)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from observatory.charts.chart import Chart
from observatory.charts.lines import line_chart
from observatory.charts.marks import Mark, TimeLine
from observatory.core import formats
from observatory.metrics.series import Window
from observatory.stats.projection import FEWEST_DAYS, USED_DAYS, Projection, Usual, project, usual_day
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Content, Tile
from reports.panels.model_figures import COST
from reports.panels.words import between

DAY = timedelta(days=1)
MOST, LEAST = "at most (95 %)", "at least (95 %)"
STYLES = {"spent": "accent", "expected": "accent", MOST: "warn", LEAST: "good"}
DASHES = {"expected": (6, 4), MOST: (2, 3), LEAST: (8, 3, 2, 3)}


@dataclass(frozen=True, slots=True)
class Days:
    """Costs by day (UTC) from the first day with one to today, which is not over: `left` of it is still to come."""

    daily: Mapping[date, float]
    today: date
    left: float

    def complete(self) -> list[tuple[date, float]]:
        """The days between the first one, which may have begun late, and today."""
        return [(day, cost) for day, cost in self.daily.items() if min(self.daily) < day < self.today]

    def spent(self, start: date) -> float:
        return sum(cost for day, cost in self.daily.items() if day >= start)

    def ahead(self, end: date) -> dict[date, float]:
        """The shares of the days that are still to come before `end`."""
        days = [self.today + place * DAY for place in range((end - self.today).days)]
        return {day: self.left if day == self.today else 1.0 for day in days}


def ahead(asked: Asked) -> Content:
    days = asked.once("cost_days", lambda: _days(asked))
    usual = usual_day(days.complete())
    if usual is None:
        number = len(days.complete())
        return Content(
            reason=f"It takes {FEWEST_DAYS} whole days with costs to tell; there {'is' if number == 1 else 'are'} {number}."
        )
    today = days.today
    month, year = date(today.year, today.month, 1), date(today.year, 1, 1)
    tiles = [
        _tile("This month", days, usual, month, _next_month(today)),
        _tile("This year", days, usual, year, date(today.year + 1, 1, 1)),
    ]
    way = "each weekday by itself" if usual.has_profile else "all days alike, for two of each weekday are not there yet"
    words = f"Learnt from the {usual.days} whole days before today (UTC), {way}. Growth and releases are not foreseen."
    if asked.only:
        words += f" Of {' and '.join(asked.only.values())} only."
    return Content(tiles=tiles, chart=_chart(days, usual, month, _next_month(today)), words=words, n=usual.days, n_of="days")


def _days(asked: Asked) -> Days:
    now = asked.now.astimezone(UTC)
    today = now.date()
    first = min(date(today.year, 1, 1), today - (USED_DAYS + 1) * DAY)
    window = Window(_midnight(first), asked.now)
    found: dict[date, float] = defaultdict(float)
    for point in asked.points(COST, window=window).get((), []):
        found[point.start.astimezone(UTC).date()] += point.summary.total
    number = (today - min(found)).days + 1 if found else 0
    daily = {day: found.get(day, 0.0) for day in (min(found) + place * DAY for place in range(number))}
    return Days(daily, today, 1 - (now - _midnight(today)) / DAY)


def _tile(name: str, days: Days, usual: Usual, start: date, end: date) -> Tile:
    found = _projection(days, usual, start, end)
    return Tile(
        name,
        formats.dollars(found.total),
        interval=between((found.low, found.high), formats.dollars),
        note=f"{formats.dollars(days.spent(start))} spent until now",
    )


def _projection(days: Days, usual: Usual, start: date, end: date) -> Projection:
    return project(usual, known=days.spent(start), ahead=days.ahead(end))


def _chart(days: Days, usual: Usual, start: date, end: date) -> Chart:
    """What the month has cost by the end of each day, and what it will."""
    month = [start + place * DAY for place in range((end - start).days)]
    spent, total = [], 0.0
    for day in month:
        total += days.daily.get(day, 0.0)
        spent.append(Mark(total if day <= days.today else None))
    later = [_projection(days, usual, start, day + DAY) if day >= days.today else None for day in month]
    lines = {
        "spent": spent,
        "expected": [Mark(one.total if one else None) for one in later],
        MOST: [Mark(one.high if one else None) for one in later],
        LEAST: [Mark(one.low if one else None) for one in later],
    }
    last = later[-1]
    return line_chart(
        [TimeLine(name, _midnight(start), DAY, marks) for name, marks in lines.items()],
        start=_midnight(start),
        end=_midnight(end),
        unit="usd",
        say=formats.dollars,
        styles=STYLES,
        dashes=DASHES,
        gap="",
        description=f"Cost of the month by its days: {formats.dollars(days.spent(start))} spent, "
        f"{formats.dollars(last.total if last else None)} expected in the end.",
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC)


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


declare(
    Panel(
        "cost_ahead",
        "What will month and year cost?",
        "What was spent, and for the days to come the mean of each weekday in the last "
        f"{USED_DAYS} days. Of 100 such totals 95 lie in the range, if days go on as they did.",
        "Cost",
        ahead,
    ),
)
