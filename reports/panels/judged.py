"""What a judge model says of answers (ledger T5): metric by metric, through time. No estimate is in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback.metrics.judged import GEVAL, JUDGED
from feedback.models import EvaluatorSetting
from feedback.quality.catalogue import evaluators_of
from observatory.charts.lines import line_chart
from observatory.core import formats
from observatory.metrics.catalogue import Goodness
from observatory.metrics.joined import joined, step_words, wider
from observatory.stats.intervals import mean_interval, wilson
from observatory.stats.summary import Summary
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.change import change_of_share, no_comparison
from reports.panels.content import Cell, Column, Content, Link, Table
from reports.panels.words import between, percent

GROUP = "Quality"
EVALUATIONS = Link("evaluations")
GEVALS = "quality.geval"
NOTHING = (
    "No judge model has judged an answer in this time. Connect one under Judge (any endpoint that speaks as OpenAI's, with "
    "your own key), then start an evaluation; until then, the lexical estimates below are all there is."
)
FEWEST = 5
METRICS = tuple(f"quality.{one.key}{end}" for one in JUDGED for end in ("", "_passed"))
READ = (*METRICS, GEVALS, f"{GEVALS}_passed")


@dataclass(frozen=True, slots=True)
class Line:
    """One metric of the judge: `values` and `passed` of the window, and what passed before."""

    score: str
    title: str
    metric: str
    values: Summary
    passed: Summary
    before: Summary


def read(asked: Asked) -> list[Line]:
    """The metrics that judged anything in the window."""
    for window in (asked.window, asked.before):
        asked.read_wholes(*READ, window=window, plain=READ)
    lines = [
        Line(
            one.score,
            one.title,
            f"quality.{one.key}",
            asked.summary(f"quality.{one.key}", is_plain=True),
            asked.summary(f"quality.{one.key}_passed"),
            asked.summary(f"quality.{one.key}_passed", window=asked.before),
        )
        for one in JUDGED
    ]
    own = [asked.summaries(f"{GEVALS}_passed", "criteria", window=window) for window in (asked.window, asked.before)]
    for name, values in asked.summaries(GEVALS, "criteria", is_plain=True).items():
        passed, before = (found.get(name, Summary()) for found in own)
        lines.append(Line(f"{GEVAL}{name}", f"Own criteria: {name}", GEVALS, values, passed, before))
    return [line for line in lines if line.values.n]


def judged(asked: Asked) -> Content:
    lines = read(asked)
    if not lines:
        return Content(reason=NOTHING, link=EVALUATIONS)
    thresholds = _thresholds(asked.project_id)
    rows = [
        [
            Cell(line.title, link=drill.metric(line.metric)),
            Cell(f"{line.values.n:,}"),
            Cell("–" if line.values.mean is None else f"{line.values.mean:.2f}", share=line.values.mean),
            Cell(between(mean_interval(line.values), "{:.2f}".format) or "too few"),
            Cell(percent(line.passed.mean) if line.passed.mean is not None else formats.UNKNOWN),
            Cell(between(wilson(line.passed.total, line.passed.n), percent) or formats.UNKNOWN),
            Cell(_told(thresholds.get(line.score))),
            _change(line),
        ]
        for line in lines
    ]
    head = (
        Column("Judged"),
        Column("n", is_number=True),
        Column("Mean", is_number=True),
        Column("95 % interval", is_number=True, is_short=True),
        Column("Pass", is_number=True),
        Column("95 % of pass", is_number=True, is_short=True),
        Column("Threshold", is_number=True),
        Column("Change of pass", is_number=True),
    )
    return Content(
        table=Table(head, rows),
        words="From 0 to 1, higher is better. Judges err and drift: see how far this one agrees with people.",
        n=sum(line.values.n for line in lines),
        n_of="verdicts",
        link=EVALUATIONS,
    )


def _change(line: Line) -> Cell:
    if line.passed.mean is None or line.before.mean is None:
        return Cell(no_comparison(line.before.n).words)
    intervals = (wilson(line.passed.total, line.passed.n), wilson(line.before.total, line.before.n))
    change = change_of_share(line.passed.mean, line.before.mean, goodness=Goodness.HIGHER, intervals=intervals)
    return Cell(change.words, judgement=change.judgement)


def _thresholds(project_id: int) -> dict[str, float | None]:
    """Those that hold now; older verdicts may have been passed by another."""
    found = {one.name: one.threshold for one in evaluators_of(project_id)}
    rows = EvaluatorSetting.objects.filter(project_id=project_id, threshold__isnull=False)
    return found | dict(rows.values_list("evaluator", "threshold"))


def _told(threshold: float | None) -> str:
    return formats.UNKNOWN if threshold is None else f"{threshold:g}"


def through_time(asked: Asked) -> Content:
    lines = [line for line in read(asked) if line.metric != GEVALS]
    if not lines:
        return Content(reason=NOTHING, link=EVALUATIONS)
    asked.read(*(line.metric for line in lines))
    level = asked.level(lines[0].metric)
    points = {line.title: asked.points(line.metric).get((), []) for line in lines}
    level = joined(points.values(), level, steps=len(asked.steps(level)))
    drawn = [
        asked.line(title, wider(some, level), _told_mean, level=level, interval=mean_interval if len(lines) == 1 else None)
        for title, some in points.items()
    ]
    return Content(
        chart=line_chart(
            drawn,
            start=asked.window.start,
            end=asked.window.end,
            unit="1",
            say="{:.2f}".format,
            ends=(0, 1),
            gap=f"A gap in a line: fewer than {FEWEST} verdicts in that time.",
            description=f"Mean of what was judged in each {step_words(level.seconds)}, by metric.",
        ),
        words=f"The mean of each {step_words(level.seconds)}, by when the question was asked.",
        n=sum(line.values.n for line in lines),
        n_of="verdicts",
    )


def _told_mean(summary: Summary) -> float | None:
    return summary.mean if summary.n >= FEWEST else None


def best_known(lines: Sequence[Line]) -> Line | None:
    """The metric with most verdicts, of those with enough to tell."""
    return max((line for line in lines if line.passed.n >= FEWEST), key=lambda line: line.passed.n, default=None)


declare(
    Panel(
        "quality_judged",
        "What does the judge say?",
        "Each metric of the judge: mean, share that reaches the threshold (with a Wilson interval), and what it was before. "
        "Failed evaluations and answers that cannot be judged are not in it.",
        GROUP,
        judged,
        width="whole",
    ),
    Panel("quality_judged_trend", "Does judged quality move?", "Means by metric of the judge.", GROUP, through_time),
)
