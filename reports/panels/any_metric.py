"""Any metric of the catalogue as a panel: `metric:interactions.latency?by=model&where=environment:prod&figure=p95`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

from interactions.metrics.sources import INTERACTIONS
from interactions.reading.filters import FACETS
from observatory.charts.chart import Chart
from observatory.charts.columns import column_chart
from observatory.charts.lines import NO_VALUES, line_chart
from observatory.metrics import catalogue
from observatory.metrics.catalogue import Kind, Metric
from observatory.metrics.joined import GAPS, joined, wider
from observatory.metrics.levels import Level
from observatory.metrics.series import Labels, Point
from observatory.metrics.words import facts_of, say, unit_word
from observatory.stats.enough import told_quantile
from observatory.stats.summary import Summary, merge
from reports.panels import drill
from reports.panels.asked import Asked, Query, no_drill
from reports.panels.catalogue import Panel, declare_family
from reports.panels.content import Cell, Column, Content, Link, Table

FAMILY = "metric"
MAX_VALUE_CHARS = 200
LINES_DRAWN, ROWS_SHOWN = 8, 20
Figure = Callable[[Summary], float | None]


def _quantile(q: float) -> Figure:
    return lambda summary: told_quantile(summary, q)


def _total(summary: Summary) -> float | None:
    return summary.total


def _mean(summary: Summary) -> float | None:
    return summary.mean


QUANTILES = {f"p{round(q * 100)}": _quantile(q) for q in (0.5, 0.75, 0.9, 0.95, 0.99)}
FIGURES: Mapping[Kind, Mapping[str, Figure]] = {
    Kind.COUNT: {"number": lambda summary: summary.n},
    Kind.SUM: {"total": _total, "mean": _mean},
    Kind.GAUGE: {
        "mean": _mean,
        "last": lambda summary: summary.last,
        "largest": lambda summary: summary.maximum,
        "smallest": lambda summary: summary.minimum,
    },
    Kind.PROPORTION: {"share": _mean},
    Kind.DISTRIBUTION: {**QUANTILES, "mean": _mean},
    Kind.DISTINCT: {"distinct": lambda summary: round(summary.distinct)},
}
OF_ALL = "It has no such label as the page is narrowed by: these are all."
# What the list of interactions can be narrowed by, so that a figure leads to its facts.
LISTED = {"", "status", *FACETS}
ADDED = {Kind.COUNT, Kind.SUM}  # drawn as columns, for parts make a whole


@dataclass(frozen=True, slots=True)
class Question:
    """Which figure of a metric, split by which label, of which label values. Empty: the usual figure, all together."""

    metric: Metric
    by: str = ""
    where: tuple[tuple[str, str], ...] = ()
    figure: str = ""

    @property
    def figures(self) -> Mapping[str, Figure]:
        """The figures that are drawn. The spread of a distribution is told by two, where it is not split."""
        known = FIGURES[self.metric.kind]
        if self.figure:
            return {self.figure: known[self.figure]}
        if self.metric.kind is Kind.DISTRIBUTION:
            return {name: known[name] for name in (("p95",) if self.by else ("p50", "p95"))}
        return dict(list(known.items())[:1])


def read_question(text: str) -> Question:
    """Read `NAME?by=..&where=LABEL:VALUE&figure=..`. KeyError for what the catalogue does not have."""
    name, _, query = text.partition("?")
    metric = catalogue.metric(name)
    by, figure, where = "", "", {}
    for key, value in parse_qsl(query):
        if key == "by":
            by = value
        elif key == "figure":
            figure = value
        elif key == "where":
            label, _, wanted = value.partition(":")
            where[label] = wanted
        else:
            raise KeyError(key)
    unknown = ({by, *where} - {""}) - {label.name for label in metric.labels}
    if unknown or (figure and figure not in FIGURES[metric.kind]) or any(not _is_text(value) for value in where.values()):
        raise KeyError(text)
    return Question(metric, by, tuple(sorted(where.items())), figure)


def _is_text(value: str) -> bool:
    return 0 < len(value) <= MAX_VALUE_CHARS and "\x00" not in value


def name_of(question: Question) -> str:
    """The name under which a board keeps the panel: the same for the same question."""
    query = [("by", question.by), *(("where", f"{label}:{value}") for label, value in question.where)]
    told = urlencode([(key, value) for key, value in [*query, ("figure", question.figure)] if value], safe=":")
    return f"{FAMILY}:{question.metric.name}{told and f'?{told}'}"


def metric_panel(text: str) -> Panel:
    question = read_question(text)
    return Panel(name_of(question), title_of(question), question.metric.help, "Metrics", partial(answer, question))


def title_of(question: Question) -> str:
    area, _, thing = question.metric.name.partition(".")
    parts = [f"{area} {thing}".replace("_", " ").capitalize()]
    parts += [question.figure] if question.figure else []
    parts += [f"by {question.by.replace('_', ' ')}"] if question.by else []
    parts += [f"only {label.replace('_', ' ')} {value}" for label, value in question.where]
    return ", ".join(parts)


def answer(question: Question, asked: Asked) -> Content:
    metric, lines = question.metric, _lines(question, asked)
    if not lines:
        return Content(reason=f"No values in this time. {metric.help}", link=_page(question))
    sums = {labels: merge(point.summary for point in line) for labels, line in lines.items()}
    order = sorted(sums, key=lambda labels: (-sums[labels].n, labels))
    whole = merge(sums.values())
    unit = unit_word(metric)
    words = [f"In {unit}."] if unit else []
    words += [] if asked.is_followed(metric.name) else [OF_ALL]
    return Content(
        chart=_chart(question, asked, order[:LINES_DRAWN]),
        table=_table(question, order, sums) if question.by else None,
        words=" ".join(words),
        n=whole.n,
        link=_facts(question, asked) or _page(question),
    )


def _lines(question: Question, asked: Asked) -> dict[Labels, list[Point]]:
    where: dict[str, Any] = dict(question.where)
    return asked.points(question.metric.name, by=(question.by,) if question.by else (), **where)


def _drawn(question: Question, asked: Asked, drawn: list[Labels]) -> tuple[Level, dict[Labels, list[Point]]]:
    """The points of the lines that are drawn: those of quantiles in steps that are long enough for one."""
    level, lines = asked.level(question.metric.name), _lines(question, asked)
    if _has_quantiles(question):
        level = joined((lines[labels] for labels in drawn), level, steps=len(asked.steps(level)))
    return level, {labels: wider(lines[labels], level) for labels in drawn}


def _has_quantiles(question: Question) -> bool:
    return question.metric.kind is Kind.DISTRIBUTION and bool(set(question.figures) & set(QUANTILES))


def _gap(question: Question) -> str:
    return GAPS if _has_quantiles(question) else NO_VALUES


def _facts(question: Question, asked: Asked) -> Link | None:
    """The list of the interactions that the metric counts; None for what it cannot list."""
    if question.metric.source is not INTERACTIONS or not {question.by, *dict(question.where)} <= LISTED:
        return None
    return drill.interactions(asked, **dict(question.where))


def _step(question: Question, asked: Asked, labels: Labels) -> Query:
    if _facts(question, asked) is None:
        return no_drill
    return drill.step(asked, **dict(question.where), **({question.by: labels[0]} if question.by else {}))


def _chart(question: Question, asked: Asked, drawn: list[Labels]) -> Chart:
    metric = question.metric
    level, points = _drawn(question, asked, drawn)
    is_added = metric.kind in ADDED
    shown = [
        asked.line(
            labels[0] if question.by else name,
            points[labels],
            figure,
            level=level,
            empty=0 if is_added or metric.kind is Kind.DISTINCT else None,
            drill=_step(question, asked, labels),
        )
        for labels in drawn
        for name, figure in question.figures.items()
    ]
    draw = column_chart if is_added and question.figure != "mean" else partial(line_chart, gap=_gap(question))
    return draw(
        shown,
        start=asked.window.start,
        end=asked.window.end,
        unit=metric.unit,
        say=lambda figure: say(metric, figure),
        description=f"{title_of(question)} through time, {', '.join(question.figures)}.",
    )


def _table(question: Question, order: list[Labels], sums: Mapping[Labels, Summary]) -> Table:
    metric = question.metric
    facts = {labels: facts_of(metric, sums[labels]) for labels in order[:ROWS_SHOWN]}
    names = [name for name, _ in facts[order[0]]]
    rows = [
        [
            Cell(labels[0] or "–", link=_page(Question(metric, "", (*question.where, (question.by, labels[0]))))),
            *(Cell(dict(told).get(name, "–")) for name in names),
        ]
        for labels, told in facts.items()
    ]
    columns = [Column(question.by.replace("_", " ").capitalize()), *(Column(name, is_number=True) for name in names)]
    hidden = len(order) - ROWS_SHOWN
    undrawn = len(order) - LINES_DRAWN
    more = [f"{hidden} more are not listed."] if hidden > 0 else []
    more += [f"The chart shows the {LINES_DRAWN} with most values."] if undrawn > 0 else []
    return Table(columns, rows, more=" ".join(more))


def _page(question: Question) -> Link:
    """The page of the metric, which takes one label to narrow by."""
    query = {"name": question.metric.name, "by": question.by}
    query["where"] = next((f"{label}:{value}" for label, value in reversed(question.where)), "")
    return Link("metric", {name: value for name, value in query.items() if value})


declare_family(FAMILY, metric_panel)
