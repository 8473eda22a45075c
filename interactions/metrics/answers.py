"""Metrics of answers: how sure the application was of them, and how many sources they cite."""

from typing import Any

from interactions.confidence import LOW_CONFIDENCE
from interactions.metrics.interactions import ENVIRONMENT, MODEL, VERSION
from interactions.metrics.sources import INTERACTIONS
from observatory.metrics.catalogue import Exposed, Goodness, Kind, Metric, Prometheus, declare


def is_unsure(row: Any) -> bool | None:
    return None if row.confidence is None else row.confidence < LOW_CONFIDENCE


declare(
    Metric(
        "interactions.confidence",
        unit="share",
        help="How sure the application was of its answer, from 0 to 1.",
        kind=Kind.DISTRIBUTION,
        source=INTERACTIONS,
        value="confidence",
        labels=(MODEL, VERSION, ENVIRONMENT),
        goodness=Goodness.HIGHER,
        prometheus=(
            Prometheus(
                "{ns}_confidence",
                Exposed.GAUGE_MEAN,
                labels=(("model_version", "model_version"),),
                help="Mean confidence of the last five minutes.",
            ),
        ),
    ),
    Metric(
        "interactions.low_confidence",
        unit="share",
        help=f"Share of answers whose confidence is below {LOW_CONFIDENCE}, of those that tell it.",
        kind=Kind.PROPORTION,
        source=INTERACTIONS,
        value=is_unsure,
        labels=(MODEL, VERSION, ENVIRONMENT),
        goodness=Goodness.LOWER,
    ),
    Metric(
        "interactions.citations",
        unit="1",
        help="Sources cited in an answer.",
        kind=Kind.DISTRIBUTION,
        source=INTERACTIONS,
        value="citations_count",
        labels=(MODEL, ENVIRONMENT),
    ),
)
