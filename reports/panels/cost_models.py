"""The models side by side: how much each is used, what it costs, how fast and how reliable it is."""

from observatory.charts.bars import Bar, bar_chart
from observatory.charts.marks import Mark
from observatory.core import formats
from observatory.metrics import catalogue
from observatory.metrics.catalogue import Goodness
from observatory.metrics.words import say_quantile
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.change import change_of_total, no_comparison
from reports.panels.content import Cell, Column, Content, Link, Table
from reports.panels.model_figures import BOOKED, LATENCY, ModelFigures, models_of
from reports.panels.words import amount, percent

BARS, ROWS = 10, 50
COLUMNS = (
    Column("Model"),
    Column("Interactions", is_number=True),
    Column("Input", is_number=True),
    Column("Cached", is_number=True),
    Column("Output", is_number=True),
    Column("Cost", is_number=True),
    Column("Change", is_number=True),
    Column("No price", is_number=True),
    Column("Each", is_number=True),
    Column("p95", is_number=True),
    Column("Errors", is_number=True),
)
NOTHING = "No interaction in this time. Send the model's name as `model` and its tokens."


def shares(asked: Asked) -> Content:
    models = [one for one in models_of(asked) if one.cost.n]
    if not models:
        return Content(reason="No interaction in this time has a cost.", link=drill.interactions(asked))
    bars = [Bar(one.model, Mark(one.cost.total, n=one.cost.n, drill=_query(asked, one.model))) for one in models[:BARS]]
    rest = models[BARS:]
    if rest:
        mark = Mark(sum(one.cost.total for one in rest), n=sum(one.cost.n for one in rest))
        bars.append(Bar(f"{len(rest)} others", mark))
    whole = sum(one.cost.total for one in models)
    description = f"Cost by model: {formats.dollars(whole)}, most of it {models[0].model}."
    chart = bar_chart(bars, unit="usd", say=formats.dollars, description=description)
    return Content(chart=chart, n=sum(one.cost.n for one in models), link=drill.interactions(asked))


def _query(asked: Asked, model: str) -> str:
    return drill.step(asked, model=model)(asked.window.start, asked.window.end)


def comparison(asked: Asked) -> Content:
    models = models_of(asked)
    if not models:
        return Content(reason=NOTHING, link=drill.interactions(asked))
    before = {one.model: one for one in models_of(asked, asked.before)}
    whole = sum(one.cost.total for one in models)
    new = "new" if before else formats.UNKNOWN  # with nothing before, nothing is new
    rows = [_row(asked, one, before.get(one.model), whole, new) for one in models[:ROWS]]
    more = f"{len(models) - ROWS} cheaper models are not listed." if len(models) > ROWS else ""
    return Content(table=Table(COLUMNS, rows, more=more), n=sum(one.interactions for one in models))


def _row(asked: Asked, one: ModelFigures, was: ModelFigures | None, whole: float, new: str) -> list[Cell]:
    link = drill.interactions(asked, model=one.model)
    change = no_comparison(0)
    if was is not None and was.cost.n:
        is_whole = asked.is_before_whole
        change = change_of_total(one.cost.total, was.cost.total, is_whole=is_whole, goodness=Goodness.LOWER)
    cached, errors = one.cached_share, one.errors.mean
    share = one.cost.total / whole if whole else 0.0
    return [
        Cell(one.model, link=link),
        Cell(formats.count(one.interactions)),
        Cell(amount(one.sum_of("input"))),
        Cell(formats.UNKNOWN if cached is None else percent(cached)),
        Cell(amount(one.sum_of("output"))),
        Cell(_cost(one), share=share if one.cost.n else None),
        Cell(change.words if was is not None and was.cost.n else new, judgement=change.judgement),
        Cell(formats.count(one.unpriced)),
        Cell(formats.dollars(one.cost.mean)),
        Cell(say_quantile(catalogue.metric(LATENCY), one.latency, 0.95)),
        Cell(formats.UNKNOWN if errors is None else percent(errors), link=_errors(asked, one)),
    ]


def _cost(one: ModelFigures) -> str:
    if one.cost.n:
        return formats.dollars(one.cost.total)
    return "no price" if one.counted else "no tokens"


def _errors(asked: Asked, one: ModelFigures) -> Link | None:
    return drill.interactions(asked, model=one.model, status="error") if one.errors.total else None


declare(
    Panel("cost_shares", "Which models cost most?", f"Cost of this time by model. {BOOKED}", "Cost", shares),
    Panel(
        "cost_models",
        "How do the models compare?",
        "Interactions, tokens, cost, speed and errors of each model. The bar is its share of the cost, the change that of "
        "its cost. No price: interactions that are in no sum. Each: the mean cost of one that has a cost. p95: the response "
        f"time that 95 of 100 stay below. {BOOKED}",
        "Cost",
        comparison,
        width="whole",
    ),
)
