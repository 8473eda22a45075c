"""What users cost (ledger R4): the most expensive ones, day by day."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from interactions.reading.user_costs import UserCosts, user_costs
from observatory.charts.chart import Chart
from observatory.charts.columns import column_chart
from observatory.charts.marks import Mark, TimeLine
from observatory.core import formats
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Cell, Column, Content, Link, Table
from reports.panels.words import percent

TOP, STACKED = 10, 6
DAY = timedelta(days=1)
OTHERS = "all others"
COLUMNS = (
    Column("User"),
    Column("Cost", is_number=True),
    Column("Share", is_number=True),
    Column("Interactions", is_number=True),
    Column("No price", is_number=True),
    Column("Each", is_number=True),
)
NOTHING = "No interaction of these days names its user and has a cost: send `user_id`, the model's name and tokens."


def by_user(asked: Asked) -> Content:
    first, last = (at.astimezone(UTC).date() for at in (asked.window.start, asked.window.end - timedelta(microseconds=1)))
    found = user_costs(asked.project_id, first, last, most=TOP)
    if not found.top:
        return Content(reason=NOTHING, link=Link("interactions"))
    rows = [
        [
            Cell(one.user_id, link=Link("user", {"id": one.user_id})),
            Cell(formats.dollars(one.cost_usd)),
            Cell(percent(one.cost_usd / found.total) if found.total else formats.UNKNOWN),
            Cell(formats.count(one.requests)),
            Cell(formats.count(one.unpriced)),
            Cell(formats.dollars(one.cost_usd / one.priced)),
        ]
        for one in found.top
    ]
    others = found.users - len(found.top)
    more = f"{others:,} other users cost {formats.dollars(_rest(found))} together." if others else ""
    return Content(
        chart=_chart(found, last),
        table=Table(COLUMNS, rows, more=more),
        n=found.users,
        n_of="users",
        words=_words(asked, found),
    )


def _rest(found: UserCosts) -> float:
    return max(0.0, found.total - sum(one.cost_usd for one in found.top))


def _chart(found: UserCosts, last: date) -> Chart:
    names = [one.user_id for one in found.top[:STACKED]]
    days = [found.first + place * DAY for place in range((last - found.first).days + 1)]
    lines = [_line(name, [found.daily.get((name, day), 0.0) for day in days], days, user=name) for name in names]
    hidden = [one.user_id for one in found.top[STACKED:]]
    rest = [found.daily.get(("", day), 0.0) + sum(found.daily.get((name, day), 0.0) for name in hidden) for day in days]
    if any(rest):
        lines.append(_line(OTHERS, rest, days))
    first = found.top[0]
    return column_chart(
        lines,
        start=_midnight(days[0]),
        end=_midnight(days[-1]) + DAY,
        unit="usd",
        say=formats.dollars,
        description=f"Cost by user and day: {formats.dollars(found.total)}, most of it {first.user_id}.",
    )


def _line(name: str, costs: list[float], days: list[date], *, user: str = "") -> TimeLine:
    marks = [Mark(cost, drill=_drill(day, user) if cost else "") for day, cost in zip(days, costs, strict=True)]
    return TimeLine(name, _midnight(days[0]), DAY, marks)


def _drill(day: date, user: str) -> str:
    since = _midnight(day)
    times = {"since": since.isoformat(), "until": (since + DAY).isoformat()}
    return urlencode({"user_id": user, **times} if user else times)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC)


def _words(asked: Asked, found: UserCosts) -> str:
    words = "Whole days (UTC); “n” are users with a cost. “Each” is the mean of the interactions that have one."
    if asked.only:
        words += " Users are not told apart by model or environment here: figures are of all."
    if found.first > asked.window.start.astimezone(UTC).date():
        words += f" There are many users: from {found.first.day} {found.first:%b %Y} on."
    return words


declare(
    Panel(
        "cost_users",
        "Which users cost most?",
        f"Cost by day of the {TOP} most expensive users.",
        "Cost",
        by_user,
        width="whole",
    ),
)
