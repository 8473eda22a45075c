"""What came of evaluations: what cannot be measured and why, what failed, what the judge costs, what others report."""

from feedback.metrics.judged import JUDGED
from feedback.models import State
from feedback.quality.embedding.named import NAME as EMBEDDING
from feedback.quality.embedding.named import TITLE as BY_EMBEDDING
from observatory.charts.columns import column_chart
from observatory.core import formats
from observatory.stats.intervals import mean_interval
from observatory.stats.summary import Summary, merge
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Cell, Column, Content, Table
from reports.panels.estimates import ESTIMATE, GROUP
from reports.panels.judged import EVALUATIONS
from reports.panels.words import between, percent

REASONS, FAILED, NOT_SCORABLE = "quality.reasons", "quality.failed", "quality.not_scorable"
COST, INPUT, OUTPUT = "quality.judge_cost", "quality.judge_input_tokens", "quality.judge_output_tokens"
REPORTED = "quality.reported"
ROWS = 10
ESTIMATED = {ESTIMATE.partition(".")[2]: "Lexical estimate (no model)", EMBEDDING: BY_EMBEDDING}
TITLES = {one.score: f"{one.title}, judged" for one in JUDGED} | ESTIMATED
NO_JUDGE = "No judge was asked in this time, so it cost nothing."


def not_scorable(asked: Asked) -> Content:
    whole = asked.summary(NOT_SCORABLE)
    if not whole.n:
        return Content(reason="Nothing was evaluated in this time.")
    if not whole.total:
        return Content(reason=f"Each of the {whole.n:,} evaluations of this time had something to measure.")
    words = "These have no score and are in no mean: they are not zeros."
    return _reasons(asked, State.NOT_SCORABLE, asked.summaries(NOT_SCORABLE, "evaluator"), words)


def failures(asked: Asked) -> Content:
    whole = asked.summary(FAILED)
    if not whole.n:
        return Content(reason="Nothing was evaluated in this time.", link=EVALUATIONS)
    if not whole.total:
        return Content(reason=f"None failed, of {whole.n:,} evaluations that had something to measure.", link=EVALUATIONS)
    words = "A failure is an error of the judge or of the way to it, never a score of 0. Most are tried again."
    return _reasons(asked, State.FAILED, asked.summaries(FAILED, "evaluator"), words)


def _reasons(asked: Asked, state: State, shares: dict[str, Summary], words: str) -> Content:
    found = {
        labels: one.n
        for labels, one in asked.groups(REASONS, "evaluator", "reason", state=str(state.label)).items()
        if one.n
    }
    order = sorted(found, key=lambda labels: (-found[labels], labels))
    rows = [
        [
            Cell(reason),
            Cell(TITLES.get(name, name)),
            Cell(f"{found[name, reason]:,}", share=found[name, reason] / found[order[0]]),
            Cell(percent(found[name, reason] / shares[name].n) if name in shares and shares[name].n else formats.UNKNOWN),
        ]
        for name, reason in order[:ROWS]
    ]
    head = (
        Column("Why"),
        Column("Evaluator"),
        Column("Answers", is_number=True),
        Column("Of its evaluations", is_number=True),
    )
    more = f"{len(order) - ROWS} rarer reasons are not listed." if len(order) > ROWS else ""
    n = sum(found.values())
    return Content(table=Table(head, rows, more=more), words=words, n=n, n_of="without a score", link=EVALUATIONS)


def spend(asked: Asked) -> Content:
    asked.read(COST)
    asked.read_wholes(COST, INPUT, OUTPUT)
    costs, tokens = asked.summaries(COST, "evaluator"), asked.summaries(INPUT, "evaluator")
    if not costs and not tokens:
        return Content(reason=NO_JUDGE, link=EVALUATIONS)
    lines = asked.points(COST, by=("evaluator",))
    level = asked.level(COST)
    drawn = [
        asked.line(TITLES.get(name, name), points, lambda one: one.total, level=level, empty=0)
        for (name,), points in lines.items()
    ]
    total, written = merge(costs.values()), asked.summary(OUTPUT)
    read = merge(tokens.values())
    unknown = "" if total.n >= read.n else f" {read.n - total.n:,} verdicts have no known price."
    return Content(
        chart=column_chart(
            drawn,
            start=asked.window.start,
            end=asked.window.end,
            unit="usd",
            say=formats.dollars,
            description=f"Cost of the judge by metric: {formats.dollars(total.total)}.",
        )
        if drawn
        else None,
        words=(
            f"{formats.dollars(total.total)} for {total.n:,} verdicts; {read.total:,.0f} tokens in, {written.total:,.0f} "
            f"out. By when the questions were asked.{unknown}"
        ),
        n=max(total.n, read.n),
        n_of="verdicts",
        link=drill.metric(COST, by="evaluator"),
    )


def reported(asked: Asked) -> Content:
    found = asked.summaries(REPORTED, "name")
    if not found:
        return Content(
            reason="No application sent a score of its own in this time. Send them to `POST /api/v1/scores`, or with a "
            "client of Langfuse."
        )
    rows = [
        [
            Cell(name, link=drill.metric(REPORTED, where=f"name:{name}")),
            Cell(f"{one.n:,}"),
            Cell(_figure(one.mean)),
            Cell(between(mean_interval(one), "{:.3g}".format) or "too few"),
            Cell(f"{_figure(one.minimum)} to {_figure(one.maximum)}"),
        ]
        for name, one in sorted(found.items(), key=lambda pair: (-pair[1].n, pair[0]))[:ROWS]
    ]
    head = (
        Column("Score"),
        Column("n", is_number=True),
        Column("Mean", is_number=True),
        Column("95 % interval", is_number=True, is_short=True),
        Column("From, to", is_number=True, is_short=True),
    )
    return Content(
        table=Table(head, rows),
        words="As the application or another tool computed them, each on its own scale; not compared with each other.",
        n=sum(one.n for one in found.values()),
        n_of="scores",
        link=drill.metric(REPORTED, by="name"),
    )


def _figure(value: float | None) -> str:
    return formats.UNKNOWN if value is None else f"{value:.3g}"


declare(
    Panel(
        "quality_not_scorable",
        "What cannot be measured?",
        "Answers of which an evaluator says nothing, and why: without sources nobody knows whether they are borne out.",
        GROUP,
        not_scorable,
    ),
    Panel("quality_failures", "Which evaluations failed?", "Errors of judges and evaluators, by why.", GROUP, failures),
    Panel("quality_spend", "What does the judge cost?", "Dollars and tokens of the judge, by metric.", GROUP, spend),
    Panel(
        "quality_reported",
        "What do applications say of their own answers?",
        "Scores that applications and other tools sent, by name.",
        GROUP,
        reported,
    ),
)
