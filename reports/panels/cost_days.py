"""What each day cost, by model: days in UTC, hours where the time is short."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

from observatory.charts.columns import column_chart
from observatory.charts.marks import Mark, TimeLine
from observatory.core import formats
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Content
from reports.panels.model_figures import COST

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOURLY_UP_TO = timedelta(days=2)
MODELS = 6
OTHERS = "all others"
Steps = dict[datetime, tuple[float, int]]  # start -> cost, n


def by_day(asked: Asked) -> Content:
    step = HOUR if asked.window.end - asked.window.start <= HOURLY_UP_TO else DAY
    models = {labels[0]: _steps(asked, labels[0], step) for labels in asked.points(COST, by=("model",))}
    if not models:
        return Content(reason="No interaction in this time has a cost.", link=drill.interactions(asked))
    totals = {model: sum(cost for cost, _ in steps.values()) for model, steps in models.items()}
    order = sorted(totals, key=lambda model: (-totals[model], model))
    starts = _starts(asked, step)
    lines = [_line(asked, model, models[model], starts, step) for model in order[:MODELS]]
    if len(order) > MODELS:
        lines.append(_line(asked, OTHERS, _together([models[model] for model in order[MODELS:]]), starts, step))
    whole, number = sum(totals.values()), len(starts)
    each = whole / max(1.0, asked.window.seconds / step.total_seconds())
    word = "an hour" if step is HOUR else "a day"
    chart = column_chart(
        lines,
        start=starts[0],
        end=starts[-1] + step,
        unit="usd",
        say=formats.dollars,
        description=f"Cost by model in {number} steps: {formats.dollars(whole)}, most of it {order[0]}.",
    )
    words = f"{formats.dollars(each)} {word} on average; the first and the last one may be cut by the time chosen (UTC)."
    return Content(chart=chart, words=words, n=asked.summary(COST).n, link=drill.interactions(asked))


def _steps(asked: Asked, model: str, step: timedelta) -> Steps:
    found: dict[datetime, tuple[float, int]] = defaultdict(lambda: (0.0, 0))
    for point in asked.points(COST, by=("model",))[(model,)]:
        at = _begin(point.start, step)
        cost, number = found[at]
        found[at] = (cost + point.summary.total, number + point.summary.n)
    return found


def _together(parts: list[Steps]) -> Steps:
    found: dict[datetime, tuple[float, int]] = defaultdict(lambda: (0.0, 0))
    for part in parts:
        for at, (cost, number) in part.items():
            found[at] = (found[at][0] + cost, found[at][1] + number)
    return found


def _line(asked: Asked, name: str, steps: Steps, starts: list[datetime], step: timedelta) -> TimeLine:
    drilled = drill.step(asked, model="" if name == OTHERS else name)
    marks = []
    for at in starts:
        cost, number = steps.get(at, (0.0, 0))
        query = drilled(max(at, asked.window.start), min(at + step, asked.window.end)) if number else ""
        marks.append(Mark(cost, n=number, drill=query))
    return TimeLine(name, starts[0], step, marks)


def _starts(asked: Asked, step: timedelta) -> list[datetime]:
    found = [_begin(asked.window.start, step)]
    while found[-1] + step < asked.window.end:
        found.append(found[-1] + step)
    return found


def _begin(at: datetime, step: timedelta) -> datetime:
    seconds = step.total_seconds()
    return datetime.fromtimestamp(at.timestamp() // seconds * seconds, UTC)


declare(
    Panel(
        "cost_days",
        "What does each day cost?",
        f"Cost of each day (UTC), of each hour where the time is {HOURLY_UP_TO.days} days or shorter; the {MODELS} most "
        "expensive models apart.",
        "Cost",
        by_day,
    ),
)
