"""Metrics of the way in itself: what became of every record."""

from interactions.metrics.sources import OUTCOMES
from observatory.metrics.catalogue import Exposed, Kind, Label, Metric, Prometheus, declare

declare(
    Metric(
        "ingest.records",
        unit="1",
        help="Records received, by way in and what became of them.",
        kind=Kind.SUM,
        source=OUTCOMES,
        value="records",
        labels=(Label("signal"), Label("outcome"), Label("reason", empty="")),
        prometheus=(
            Prometheus(
                "{ns}_ingest_records_total",
                Exposed.COUNTER,
                labels=(("signal", "signal"), ("outcome", "outcome"), ("reason", "reason")),
                help="Records received, by way in and what became of them.",
            ),
        ),
    ),
)
