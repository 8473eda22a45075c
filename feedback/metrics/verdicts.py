"""What came of evaluations, of reviewers, and of what applications say of their own answers."""

from typing import Any

from feedback.metrics.sources import ENVIRONMENT, MODEL, OF_ANSWER, SCORES
from feedback.models import Source, State
from observatory.metrics.catalogue import Exposed, Goodness, Kind, Label, Metric, Prometheus, declare

COMPUTED = (int(Source.ESTIMATE), int(Source.JUDGE))
EVALUATOR = Label("evaluator", "name", cap=40)
NAME = Label("name", cap=40)


def failed(row: Any) -> bool | None:
    """Whether it failed; nothing of what cannot be measured at all."""
    return None if row.state == State.NOT_SCORABLE else row.state == State.FAILED


def scored(row: Any) -> float | None:
    return row.value if row.state == State.SCORED else None


def is_passed(row: Any) -> bool | None:
    return row.is_passed if row.state == State.SCORED else None


declare(
    Metric(
        "quality.failed",
        unit="share",
        help="Share of evaluations that failed: an error of the judge, never a low score.",
        kind=Kind.PROPORTION,
        source=SCORES,
        value=failed,
        of=COMPUTED,
        labels=(EVALUATOR, ENVIRONMENT),
        goodness=Goodness.LOWER,
        prometheus=(
            Prometheus(
                "{ns}_evaluation_failure_ratio",
                Exposed.GAUGE_MEAN,
                labels=(("evaluator", "evaluator"),),
                window_s=3_600,
                help="Share of the evaluations of the last hour's answers that failed.",
            ),
        ),
    ),
    Metric(
        "quality.not_scorable",
        unit="share",
        help="Share of answers of which an evaluator can say nothing, as without sources.",
        kind=Kind.PROPORTION,
        source=SCORES,
        value=lambda row: row.state == State.NOT_SCORABLE,
        of=COMPUTED,
        labels=(EVALUATOR, ENVIRONMENT),
    ),
    Metric(
        "quality.reasons",
        unit="1",
        help="Evaluations without a value, by why: what failed, and what cannot be measured.",
        kind=Kind.COUNT,
        source=SCORES,
        value=lambda row: row.state != State.SCORED,
        of=COMPUTED,
        labels=(EVALUATOR, Label("state", lambda row: State(row.state).label, cap=3), Label("reason", cap=30)),
    ),
    Metric(
        "quality.review_passed",
        unit="share",
        help="Share of reviewed answers that reviewers pass.",
        kind=Kind.PROPORTION,
        source=SCORES,
        value=is_passed,
        of=(int(Source.REVIEWER),),
        labels=OF_ANSWER,
        goodness=Goodness.HIGHER,
    ),
    Metric(
        "quality.reported",
        unit="1",
        help="Scores that applications and other tools send, each on its own scale: by their names.",
        kind=Kind.DISTRIBUTION,
        source=SCORES,
        value=scored,
        of=(int(Source.APPLICATION),),
        labels=(NAME, MODEL, ENVIRONMENT),
    ),
)
