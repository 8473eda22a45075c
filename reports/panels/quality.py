"""Quality at one look: what is judged, reviewed and estimated, each by itself; how sure answers are, and what they cite."""

from dataclasses import replace

from observatory.core import formats
from observatory.metrics.catalogue import Goodness
from observatory.stats.intervals import mean_interval, wilson
from observatory.stats.summary import Summary
from reports.panels import drill, estimates, judged
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.change import change_of_figure, change_of_share, no_comparison
from reports.panels.content import Content, Link, Tile
from reports.panels.estimates import ESTIMATE, GROUP
from reports.panels.evaluations import COST, FAILED, NOT_SCORABLE
from reports.panels.judged import EVALUATIONS
from reports.panels.satisfaction import share
from reports.panels.sparks import SPARK_POINTS, means
from reports.panels.words import between, percent

REVIEWED, UNSURE, CITATIONS = "quality.review_passed", "interactions.low_confidence", "interactions.citations"
SPARKED = (ESTIMATE, REVIEWED, UNSURE, CITATIONS)
READ = (*SPARKED, FAILED, NOT_SCORABLE, COST)
FEWEST = 5
SHOWN = 2  # metrics of the judge as tiles; the table has them all
BOARD = Link("board", {"name": "quality"})


def figures(asked: Asked) -> Content:
    asked.read(*SPARKED, most_points=SPARK_POINTS)
    for window in (asked.window, asked.before):
        asked.read_wholes(*READ, *judged.READ, *estimates.READ, window=window)
    lines = sorted(judged.read(asked), key=lambda line: -line.passed.n)
    return Content(
        tiles=[
            *([_judged(line) for line in lines[:SHOWN]] or [_no_judge()]),
            reviewed(asked),
            estimate(asked),
            share(asked, "Low confidence", UNSURE, Goodness.LOWER, "of answers that tell it", "No answer tells it."),
            citations(asked),
            _not_scorable(asked),
            _failed(asked),
            _spend(asked),
        ]
    )


def _no_judge() -> Tile:
    return Tile("Judged", formats.UNKNOWN, reason="No judge model has judged an answer in this time.", link=EVALUATIONS)


def _judged(line: judged.Line) -> Tile:
    return judged_tile(line, f"{line.title}, judged")


def judged_tile(line: judged.Line, name: str) -> Tile:
    """The share that reaches the threshold."""
    passed = line.passed
    if passed.n < FEWEST or passed.mean is None:
        return Tile(name, formats.UNKNOWN, reason=f"{passed.n} verdicts are too few: it takes {FEWEST}.", link=BOARD)
    interval, change = wilson(passed.total, passed.n), no_comparison(line.before.n)
    if line.before.mean is not None:
        ends = (interval, wilson(line.before.total, line.before.n))
        change = change_of_share(passed.mean, line.before.mean, goodness=Goodness.HIGHER, intervals=ends)
    mean = "" if line.values.mean is None else f"; mean {line.values.mean:.2f}"
    return Tile(
        name,
        percent(passed.mean),
        n=passed.n,
        change=change,
        interval=between(interval, percent),
        note=f"reach the threshold{mean}",
        link=drill.metric(line.metric),
    )


def reviewed(asked: Asked) -> Tile:
    return share(asked, "Reviewed", REVIEWED, Goodness.HIGHER, "passed by people", "Nobody reviewed an answer of this time.")


def estimate(asked: Asked) -> Tile:
    name = "Lexical estimate"
    now, before = (asked.summary(ESTIMATE, window=window, is_plain=True) for window in (asked.window, asked.before))
    link = drill.metric(ESTIMATE)
    if now.n < FEWEST or now.mean is None:
        reason = f"{now.n} estimates are too few: it takes {FEWEST}." if now.n else "No answer of this time was estimated."
        return Tile(name, formats.UNKNOWN, reason=reason, link=link)
    interval, change = mean_interval(now), no_comparison(before.n, least=FEWEST)
    if before.n >= FEWEST and before.mean is not None:
        ends = (interval, mean_interval(before))
        change = change_of_figure(now.mean, before.mean, goodness=Goodness.HIGHER, intervals=ends)
    return Tile(
        name,
        f"{now.mean:.2f}",
        n=now.n,
        change=change,
        interval=between(interval, "{:.2f}".format),
        note="no model, 0 to 1",
        spark=means(asked, ESTIMATE),
        link=link,
    )


def citations(asked: Asked) -> Tile:
    now, before = asked.summary(CITATIONS), asked.summary(CITATIONS, window=asked.before)
    link = drill.metric(CITATIONS)
    if not now.n or now.mean is None:
        reason = "No answer tells how many sources it cites: send citations_count."
        return Tile("Citations", formats.UNKNOWN, reason=reason, link=link)
    interval, change = mean_interval(now), no_comparison(before.n)
    if before.mean is not None:
        change = change_of_figure(now.mean, before.mean, goodness=None, intervals=(interval, mean_interval(before)))
    return Tile(
        "Citations",
        f"{now.mean:.1f}",
        n=now.n,
        change=change,
        interval=between(interval, "{:.2f}".format),
        note=f"an answer; {percent(_without(now))} cite nothing",
        spark=means(asked, CITATIONS),
        link=link,
    )


def _without(summary: Summary) -> float:
    return summary.bins.get(0, 0) / summary.n


def quality(asked: Asked) -> Tile:
    """One tile for the overview: what a judge says, else what reviewers say, else the estimate; never a mixture."""
    line = judged.best_known(judged.read(asked))
    if line is not None:
        tile = judged_tile(line, "Quality")
        return replace(tile, note=f"{line.title.lower()}, judged; share that passes", link=BOARD)
    if asked.summary(REVIEWED).n >= FEWEST:
        return replace(reviewed(asked), name="Quality", note="of reviewed answers pass", link=BOARD)
    return replace(estimate(asked), name="Quality", note="lexical estimate (no model)", link=BOARD)


def _not_scorable(asked: Asked) -> Tile:
    found = asked.summary(NOT_SCORABLE)
    if found.mean is None:
        return Tile("Not measurable", formats.UNKNOWN, reason="Nothing was evaluated in this time.")
    note = f"{found.total:,.0f} have no score; they are no zeros"
    return Tile("Not measurable", percent(found.mean), n=found.n, note=note, link=drill.metric(NOT_SCORABLE, by="evaluator"))


def _failed(asked: Asked) -> Tile:
    found = asked.summary(FAILED)
    if found.mean is None:
        return Tile("Evaluations failed", formats.UNKNOWN, reason="Nothing was evaluated in this time.")
    interval = between(wilson(found.total, found.n), percent)
    link = drill.metric(FAILED, by="evaluator")
    return Tile("Evaluations failed", percent(found.mean), n=found.n, interval=interval, link=link)


def _spend(asked: Asked) -> Tile:
    found = asked.summary(COST)
    link = drill.metric(COST, by="evaluator")
    if not found.n:
        return Tile("Cost of the judge", formats.UNKNOWN, reason="No judge was asked in this time.", link=link)
    each = formats.dollars(found.total / found.n)
    return Tile("Cost of the judge", formats.dollars(found.total), n=found.n, note=f"{each} a verdict", link=link)


declare(
    Panel(
        "quality_figures",
        "How good are the answers?",
        "What is judged, reviewed and estimated, each by itself: they answer different questions and are never averaged.",
        GROUP,
        figures,
        width="whole",
    ),
)
