"""What users did, silently: a click, a share, a re-query."""

from typing import Any

from feedback.metrics.sources import OF_ANSWER, SCORES
from feedback.models import Source, State
from observatory.metrics.catalogue import Exposed, Goodness, Kind, Label, Metric, Prometheus, declare

PREFIX = "signal."
KIND = Label("signal", lambda row: row.name.removeprefix(PREFIX), cap=20)


def is_good(row: Any) -> float | None:
    return row.value if row.state == State.SCORED else None


declare(
    Metric(
        "feedback.signals",
        unit="1",
        help="What users did with answers: click, share, accept, skip, re-query.",
        kind=Kind.COUNT,
        source=SCORES,
        of=(int(Source.SIGNAL),),
        labels=(KIND, *OF_ANSWER),
        prometheus=(
            Prometheus(
                "{ns}_feedback_signals_total",
                Exposed.COUNTER,
                labels=(("signal", "signal"),),
                help="What users did with answers.",
            ),
        ),
    ),
    Metric(
        "feedback.good_signals",
        unit="share",
        help="Share of signals that speak for the answer: click, share, accept; not skip and re-query.",
        kind=Kind.PROPORTION,
        source=SCORES,
        value=is_good,
        of=(int(Source.SIGNAL),),
        labels=OF_ANSWER,
        goodness=Goodness.HIGHER,
    ),
)
