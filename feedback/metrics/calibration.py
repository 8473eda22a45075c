"""Verdicts of judges by evaluator and version: what a rate corrected by reviewers begins with."""

from typing import Any

from feedback.metrics.sources import SCORES
from feedback.models import Source, State
from observatory.metrics.catalogue import Goodness, Kind, Label, Metric, declare

JUDGE_PASSED = "quality.judge_passed"


def is_passed(row: Any) -> bool | None:
    return row.is_passed if row.state == State.SCORED else None


declare(
    Metric(
        JUDGE_PASSED,
        unit="share",
        help="Share of judged answers that pass, by evaluator and its version.",
        kind=Kind.PROPORTION,
        source=SCORES,
        value=is_passed,
        of=(int(Source.JUDGE),),
        labels=(Label("evaluator", "name", cap=40), Label("version", cap=50)),
        goodness=Goodness.HIGHER,
    ),
)
