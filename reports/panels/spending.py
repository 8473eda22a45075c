"""What the models cost through time."""

from observatory.charts.columns import column_chart
from observatory.charts.marks import TimeLine
from observatory.core import formats
from observatory.metrics.levels import Level
from observatory.metrics.series import Point
from observatory.stats.summary import merge
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Content
from reports.panels.model_figures import BOOKED

COST = "interactions.cost"
MODELS = 7
THE_REST = "all others"


def by_model(asked: Asked) -> Content:
    lines = {labels[0]: points for labels, points in asked.points(COST, by=("model",)).items()}
    if not lines:
        reason = "No interaction in this time has a cost: its model has no known price, or its tokens were not counted."
        return Content(reason=reason)
    totals = {model: merge(point.summary for point in points).total for model, points in lines.items()}
    order = sorted(totals, key=lambda model: (-totals[model], model))
    level = asked.level(COST)
    shown = [_line(asked, model, lines[model], level, drill_model=model) for model in order[:MODELS]]
    if len(order) > MODELS:
        rest = [point for model in order[MODELS:] for point in lines[model]]
        shown.append(_line(asked, THE_REST, _joined(rest), level))
    whole = sum(totals.values())
    first = f"{order[0]} {formats.dollars(totals[order[0]])}"
    return Content(
        chart=column_chart(
            shown,
            start=asked.window.start,
            end=asked.window.end,
            unit="usd",
            say=formats.dollars,
            description=f"Cost through time by model: {formats.dollars(whole)}, most of it {first}.",
        ),
        words=f"“{THE_REST}” are {len(order) - MODELS} models." if len(order) > MODELS else "",
        n=asked.summary(COST).n,
        link=drill.interactions(asked),
    )


def _line(asked: Asked, title: str, points: list[Point], level: Level, *, drill_model: str = "") -> TimeLine:
    query = drill.step(asked, model=drill_model or asked.only.get("model", ""))
    return asked.line(title, points, lambda summary: summary.total, level=level, empty=0, drill=query)


def _joined(points: list[Point]) -> list[Point]:
    at: dict[float, list[Point]] = {}
    for point in points:
        at.setdefault(point.start.timestamp(), []).append(point)
    return [Point(same[0].start, same[0].seconds, merge(point.summary for point in same)) for _, same in sorted(at.items())]


declare(
    Panel(
        "cost_by_model",
        "What do the models cost?",
        f"Cost of each step, the {MODELS} most expensive models apart. Interactions whose model has no known price "
        f"have none. {BOOKED}",
        "Cost",
        by_model,
    ),
)
