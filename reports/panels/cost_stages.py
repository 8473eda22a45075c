"""Where in an answer the money goes: stages of its traces, and kinds of tokens."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from observatory.charts.columns import column_chart
from observatory.charts.marks import Mark, TimeLine
from observatory.core import formats
from observatory.metrics.series import Point
from observatory.stats.summary import Summary, merge
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Cell, Column, Content, Link, Table
from reports.panels.model_figures import COST, TOKENS
from reports.panels.words import amount, percent

SPANS = "spans.cost"
APART = {"embedding": "Embedding", "reranker": "Reranking"}
COLUMNS = (
    Column("Stage"),
    Column("Calls", is_number=True),
    Column("Cost", is_number=True),
    Column("Share", is_number=True),
    Column("Each", is_number=True),
)
ROWS, SHARE = 12, 3  # how many, and which column orders them
INPUT, OUTPUT, CACHED, WRITTEN, REASONING = TOKENS[0], TOKENS[1], TOKENS[2], TOKENS[3], TOKENS[4]


def by_stage(asked: Asked) -> Content:
    """Embedding and reranking as their spans say it; what is left of the interactions' cost is the model's."""
    whole = asked.summary(COST)
    if not whole.n:
        return Content(reason="No interaction in this time has a cost.", link=drill.interactions(asked))
    if not asked.is_followed(SPANS):
        return Content(reason="Spans do not say their environment: choose all environments to see stages.")
    calls = {
        labels: merge(point.summary for point in points)
        for labels, points in asked.points(SPANS, by=("kind", "model")).items()
    }
    apart = {labels: calls[labels] for labels in calls if labels[0] in APART}
    rest = max(0.0, whole.total - sum(one.total for one in apart.values()))
    parts = sorted(apart.items(), key=lambda pair: -pair[1].total)[:ROWS]
    rows = [_row(f"{APART[kind]}, {model}", one.n, one.total, whole.total) for (kind, model), one in parts]
    rows.insert(0, _row("Generation", whole.n, rest, whole.total, link=drill.interactions(asked)))
    rows.sort(key=lambda row: -(row[SHARE].share or 0))
    words = "Generation is what embedding and reranking leave of the cost of the interactions; its calls are interactions."
    return Content(table=Table(COLUMNS, rows), n=whole.n, words=words)


def _row(stage: str, calls: int, cost: float, whole: float, *, link: Link | None = None) -> list[Cell]:
    share = min(1.0, cost / whole) if whole else 0.0
    each = formats.dollars(cost / calls) if calls else formats.UNKNOWN
    shown = [Cell(formats.count(calls)), Cell(formats.dollars(cost)), Cell(percent(share), share=share), Cell(each)]
    return [Cell(stage, link=link), *shown]


def token_types(asked: Asked) -> Content:
    """Tokens through time, each counted once: cached and written ones are input, reasoning is output."""
    asked.read(*TOKENS)
    steps = {name: _by_start(asked.points(name).get((), [])) for name in TOKENS}
    if not any(steps.values()):
        return Content(reason="No tokens were counted in this time: send `input_tokens` and `output_tokens`.")
    kinds: Mapping[str, Callable[[datetime], float]] = {
        "input": lambda at: max(0.0, _at(steps, INPUT, at) - _at(steps, CACHED, at) - _at(steps, WRITTEN, at)),
        "cached input": lambda at: _at(steps, CACHED, at),
        "written to a cache": lambda at: _at(steps, WRITTEN, at),
        "output": lambda at: max(0.0, _at(steps, OUTPUT, at) - _at(steps, REASONING, at)),
        "reasoning": lambda at: _at(steps, REASONING, at),
    }
    starts = sorted({at for found in steps.values() for at in found})
    lines = [_line(asked, name, starts, figure) for name, figure in kinds.items()]
    used = [line for line in lines if any(mark.value for mark in line.marks)]
    total = sum(asked.summary(name).total for name in (INPUT, OUTPUT))
    chart = column_chart(
        used,
        start=asked.window.start,
        end=asked.window.end,
        unit="1",
        say=lambda number: f"{number:,.0f} tokens",
        description=f"Tokens through time by kind: {amount(total)}.",
    )
    return Content(chart=chart, n=asked.summary(INPUT).n, link=drill.interactions(asked), words=_parts(asked, total))


def _by_start(points: Sequence[Point]) -> dict[datetime, Summary]:
    return {point.start: point.summary for point in points}


def _at(steps: Mapping[str, Mapping[datetime, Summary]], name: str, at: datetime) -> float:
    return steps[name][at].total if at in steps[name] else 0.0


def _line(asked: Asked, name: str, starts: Sequence[datetime], figure: Callable[[datetime], float]) -> TimeLine:
    points = [Point(at, 0, Summary(n=1, total=figure(at))) for at in starts]
    line = asked.line(name, points, lambda one: one.total, level=asked.level(INPUT), empty=0, drill=drill.step(asked))
    return TimeLine(name, line.start, line.step, [Mark(mark.value, drill=mark.drill) for mark in line.marks])


def _parts(asked: Asked, total: float) -> str:
    fresh, cached, reasoning = (asked.summary(name).total for name in (INPUT, CACHED, REASONING))
    output = asked.summary(OUTPUT).total
    words = f"{amount(fresh)} in and {amount(output)} out."
    if cached and fresh:
        words += f" {percent(min(1.0, cached / fresh))} of the input came from a cache."
    if reasoning and output:
        words += f" {percent(min(1.0, reasoning / output))} of the output was reasoning."
    return words if total else ""


declare(
    Panel("cost_stages", "Which stage costs what?", "Cost of embedding, reranking and generation.", "Cost", by_stage),
    Panel("token_types", "What tokens are used?", "Tokens by kind, each counted once.", "Cost", token_types),
)
