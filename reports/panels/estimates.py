"""What is estimated from words, without a model: apart from all that is judged, in a colour and words of its own."""

from feedback.metrics.estimates import PARTS, WEAK
from observatory.charts.lines import line_chart
from observatory.core import formats
from observatory.metrics.joined import joined, step_words, wider
from observatory.stats.intervals import mean_interval, wilson
from observatory.stats.summary import Summary
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Cell, Column, Content, Table
from reports.panels.words import between, percent

GROUP = "Quality"
ESTIMATE, ACCURACY, WEAK_ONES = "quality.estimate", "quality.estimate_accuracy", "quality.weak_estimates"
BY_MODEL = "quality.embedding_relevance"
READ = (ESTIMATE, WEAK_ONES, BY_MODEL, *(f"{ESTIMATE}_{name}" for name in PARTS))
LABEL = "lexical estimate (no model)"
OVERALL, AGAINST = "overall", "accuracy against sources"
STYLES, DASHES = dict.fromkeys((OVERALL, AGAINST), "estimate"), {AGAINST: (4, 3)}
FEWEST = 5
NOTHING = (
    "No answer of this time was estimated. Estimates follow each answer by themselves, within seconds, where a worker runs: "
    "send interactions with `query` and `answer`, and their `passages`."
)
MEANS = (
    "How words of an answer go with its sources and its question: good for ranking, and for findings. It does not see "
    "swapped roles, most negations, or whether a source is right; of answers without sources it says nothing of truth."
)


def estimates(asked: Asked) -> Content:
    asked.read_wholes(*READ)
    whole, weak = asked.summary(ESTIMATE), asked.summary(WEAK_ONES)
    parts = {name: asked.summary(f"{ESTIMATE}_{name}") for name in PARTS}
    if not whole.n and not any(part.n for part in parts.values()):
        return Content(reason=NOTHING)
    rows = [_row("Overall", "Weighed from the first four", whole, ESTIMATE)]
    rows += [_row(name.capitalize(), PARTS[name], part, f"{ESTIMATE}_{name}") for name, part in parts.items()]
    head = (
        Column("Lexical estimate"),
        Column("What it asks"),
        Column("n", is_number=True),
        Column("Mean", is_number=True),
        Column("95 % interval", is_number=True, is_short=True),
    )
    said = ""
    if weak.mean is not None:
        share = f"{percent(weak.mean)} ({between(wilson(weak.total, weak.n), percent)})"
        said = f"Of {weak.n:,} answers with sources {share} have an accuracy below {WEAK}: look at these first. "
    return Content(
        table=Table(head, rows, more=_by_model(asked.summary(BY_MODEL))),
        words=f"{said}{LABEL.capitalize()}. {MEANS}",
        n=whole.n,
        link=drill.metric(ESTIMATE),
    )


def _by_model(summary: Summary) -> str:
    """A method of its own, so no row of the table; nothing where it is not used."""
    if summary.mean is None:
        return ""
    interval = between(mean_interval(summary), "{:.2f}".format) or "too few for an interval"
    return (
        f"Not of words: an embedding model (no judge) says {summary.mean:.2f} for relevance ({interval}), n {summary.n:,}."
    )


def _row(name: str, asks: str, summary: Summary, metric: str) -> list[Cell]:
    if summary.mean is None:
        return [Cell(name), Cell(asks), Cell("0"), Cell("not measurable"), Cell(formats.UNKNOWN)]
    return [
        Cell(name, link=drill.metric(metric)),
        Cell(asks),
        Cell(f"{summary.n:,}"),
        bar(summary.mean),
        Cell(between(mean_interval(summary), "{:.2f}".format) or "too few"),
    ]


def bar(value: float) -> Cell:
    """An estimate from 0 to 1, its bar in the colour of estimates."""
    return Cell(f"{value:.2f}", judgement="estimate", share=min(1.0, max(0.0, value)))


def through_time(asked: Asked) -> Content:
    whole = asked.summary(ESTIMATE)
    if not whole.n:
        return Content(reason=NOTHING)
    asked.read(ESTIMATE, ACCURACY)
    points = {OVERALL: asked.points(ESTIMATE).get((), []), AGAINST: asked.points(ACCURACY).get((), [])}
    level = asked.level(ESTIMATE)
    level = joined(points.values(), level, steps=len(asked.steps(level)))
    lines = [
        asked.line(name, wider(some, level), _told_mean, level=level, interval=mean_interval)
        for name, some in points.items()
        if some
    ]
    return Content(
        chart=line_chart(
            lines,
            start=asked.window.start,
            end=asked.window.end,
            unit="1",
            say="{:.2f}".format,
            ends=(0, 1),
            styles=STYLES,
            dashes=DASHES if len(lines) > 1 else None,
            gap=f"A gap in the line: fewer than {FEWEST} estimates in that time.",
            description=f"Mean {LABEL} of each {step_words(level.seconds)}.",
        ),
        words=(
            f"Means of each {step_words(level.seconds)}: {LABEL}. The overall also moves where answers with and without "
            "sources mix otherwise; accuracy is of those with sources alone."
        ),
        n=whole.n,
        link=drill.metric(ESTIMATE),
    )


def _told_mean(summary: Summary) -> float | None:
    return summary.mean if summary.n >= FEWEST else None


declare(
    Panel(
        "quality_estimates",
        "What do the words alone tell? Lexical estimate (no model)",
        f"{MEANS} Never mixed with what a judge, a reviewer or a user says.",
        GROUP,
        estimates,
        width="whole",
    ),
    Panel(
        "quality_estimates_trend",
        "Does the lexical estimate move?",
        "Lexical estimate (no model), from 0 to 1, through time.",
        GROUP,
        through_time,
    ),
)
