"""What people say of answers."""

from typing import Any

from feedback.metrics.sources import SCORES
from feedback.models import Source, State
from observatory.metrics.catalogue import Exposed, Goodness, Kind, Label, Metric, Prometheus, declare

MODEL, VERSION, ENVIRONMENT = Label("model"), Label("model_version"), Label("environment", empty="default")
RATING = "rating"


def rating(row: Any) -> float | None:
    return row.value if row.name == RATING and row.state == State.SCORED else None


declare(
    Metric(
        "feedback.rating",
        unit="1",
        help="Ratings of users, from 1 to 5.",
        kind=Kind.DISTRIBUTION,
        source=SCORES,
        value=rating,
        of=(int(Source.USER),),
        labels=(MODEL, VERSION, ENVIRONMENT),
        goodness=Goodness.HIGHER,
        prometheus=(
            Prometheus(
                "{ns}_user_satisfaction_score",
                Exposed.GAUGE_MEAN,
                window_s=21_600,
                help="Mean rating, 1 to 5, of the last six hours.",
            ),
        ),
    ),
)
