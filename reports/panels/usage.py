"""How the application is used (ledger M6): how much, by how many people, how deep their sessions go."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from observatory.charts.chart import Chart
from observatory.charts.lines import line_chart
from observatory.charts.marks import Mark, Say, TimeLine
from observatory.metrics.series import Point
from observatory.metrics.windows import PANEL_POINTS
from observatory.stats.summary import Summary, merge
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.change import change_of_total
from reports.panels.content import Content, Link, Tile
from reports.panels.sparks import SPARK_POINTS

GROUP = "Usage"
COUNT, SESSIONS, USERS = "interactions.count", "interactions.sessions", "interactions.users"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOURLY_UP_TO = timedelta(days=3)
NOTHING = "No interaction in this time."


def figures(asked: Asked) -> Content:
    """Totals; a session of two days counts once."""
    asked.read(SESSIONS, USERS, most_points=_most_points(asked))
    for window in (asked.window, asked.before):
        asked.read_wholes(COUNT, SESSIONS, USERS, window=window)
    now, before = (
        {name: asked.summary(name, window=window) for name in (COUNT, SESSIONS, USERS)}
        for window in (asked.window, asked.before)
    )
    number = now[COUNT].n
    if not number:
        return Content(reason=NOTHING, link=drill.interactions(asked))
    days = max(1.0, asked.window.seconds / DAY.total_seconds())
    return Content(
        tiles=[
            Tile(
                "Interactions",
                f"{number:,}",
                change=change_of_total(number, before[COUNT].n, is_whole=asked.is_before_whole),
                note=f"{number / days:,.0f} a day" if days > 1 else "",
                link=drill.interactions(asked),
            ),
            _people(asked, "Users", "user_id", now[USERS], before[USERS]),
            _people(asked, "Sessions", "session_id", now[SESSIONS], before[SESSIONS]),
            _each(asked, "Questions a session", "session", now[SESSIONS], before[SESSIONS]),
            _each(asked, "Questions a user", "user", now[USERS], before[USERS]),
        ]
    )


def _people(asked: Asked, word: str, field: str, now: Summary, before: Summary) -> Tile:
    if not now.n:
        return Tile(word, "–", reason=f"Send `{field}` with interactions.")
    number = round(now.distinct)
    change = change_of_total(number, round(before.distinct), is_whole=asked.is_before_whole)
    return Tile(word, f"{number:,}", change=change, note="different ones")


def _each(asked: Asked, word: str, of: str, now: Summary, before: Summary) -> Tile:
    if not now.n:
        return Tile(word, "–", reason=f"No interaction names its {of}.")
    number = _questions_each(now)
    change = change_of_total(number, _questions_each(before), is_whole=asked.is_before_whole)
    return Tile(word, f"{number:.1f}", n=now.n, change=change, note=f"on average, of those that name a {of}")


def _questions_each(named: Summary) -> float:
    """By the different ones, only the questions that name one: `n` of the metric leaves out all others."""
    return named.n / max(1, round(named.distinct))


def people_through_time(asked: Asked) -> Content:
    """Different users and sessions of each hour or day."""
    steps = {name: _steps(asked, name) for name in (USERS, SESSIONS)}
    if not any(steps.values()):
        return Content(reason="No session and no user in this time: send `session_id` and `user_id` with interactions.")
    step = _step(asked)
    lines = [
        _line(asked, word, {at: round(one.distinct) for at, one in steps[name].items()}, empty=0)
        for name, word in ((USERS, "users"), (SESSIONS, "sessions"))
    ]
    word = "hour" if step == HOUR else "day (UTC)"
    chart = _chart(asked, lines, "{:,.0f}".format, "1", f"Different users and sessions of each {word}.")
    return Content(
        chart=chart,
        words=f"Of each {word}; whoever comes in two of them counts in both. The first and the last one are not whole.",
        link=Link("sessions"),
    )


def depth(asked: Asked) -> Content:
    """Questions a session, by hour or day: how far people engage."""
    deep = {at: _questions_each(one) for at, one in _steps(asked, SESSIONS).items() if one.n}
    if not deep:
        return Content(reason="No session in this time: send `session_id` with interactions.")
    chart = _chart(
        asked, [_line(asked, "questions a session", deep)], "{:.1f}".format, "questions", "Questions a session through time."
    )
    return Content(
        chart=chart, words="The questions of a step that name a session, by its different sessions.", link=Link("sessions")
    )


def _step(asked: Asked) -> timedelta:
    return HOUR if asked.window.end - asked.window.start <= HOURLY_UP_TO else DAY


def _most_points(asked: Asked) -> int:
    """So that steps of a day are read from days."""
    return PANEL_POINTS if _step(asked) == HOUR else SPARK_POINTS


def _steps(asked: Asked, name: str) -> dict[datetime, Summary]:
    """The summaries of whole hours or days: distinct values of finer buckets are merged, not added."""
    found: dict[datetime, list[Point]] = defaultdict(list)
    for point in asked.points(name, most_points=_most_points(asked)).get((), []):
        found[_begin(point.start, _step(asked))].append(point)
    return {at: merge(point.summary for point in points) for at, points in sorted(found.items())}


def _begin(at: datetime, step: timedelta) -> datetime:
    seconds = step.total_seconds()
    return datetime.fromtimestamp(at.timestamp() // seconds * seconds, at.tzinfo)


def _line(asked: Asked, name: str, figures: Mapping[datetime, float], *, empty: float | None = None) -> TimeLine:
    step = _step(asked)
    start = _begin(asked.window.start, step)
    marks, at = [], start
    while at < asked.window.end:
        marks.append(Mark(figures.get(at, empty)))
        at += step
    return TimeLine(name, start, step, marks)


def _chart(asked: Asked, lines: Sequence[TimeLine], say: Say, unit: str, description: str) -> Chart:
    return line_chart(lines, start=asked.window.start, end=asked.window.end, unit=unit, say=say, description=description)


declare(
    Panel(
        "usage_figures",
        "How much is it used?",
        "Interactions, users and sessions, and how many questions each of them asked.",
        GROUP,
        figures,
        width="whole",
    ),
    Panel(
        "usage_people", "How many people come?", "Different users and sessions by hour or day.", GROUP, people_through_time
    ),
    Panel("usage_depth", "How deep do sessions go?", "Questions a session by hour or day.", GROUP, depth),
)
