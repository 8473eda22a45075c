"""Metrics of the pipeline itself (ledger R12): what became of every record, what waits, how the database grows."""

from interactions.metrics.sources import OUTCOMES
from observatory.metrics.catalogue import Exposed, Goodness, Kind, Label, Metric, Prometheus, declare
from observatory.metrics.record import of_samples

SHOWN_S = 300


def measured(
    name: str, unit: str, text: str, goodness: Goodness | None = Goodness.LOWER, *, family: str = "", by_level: bool = False
) -> Metric:
    """A gauge that observatory/watch/ measures each minute. Gauges of the digest are read by the scrape itself: live.py."""
    labels = ("level",) if by_level else ()
    shown = tuple((label, label) for label in labels)
    families = (Prometheus(f"{{ns}}_{family}", Exposed.GAUGE_LAST, labels=shown, window_s=SHOWN_S, help=text),)
    return of_samples(
        f"pipeline.{name}",
        unit=unit,
        help=text,
        labels=labels,
        goodness=goodness,
        prometheus=families if family else (),
    )


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
    measured("digest_lag", "s", "Age of the oldest change that the digest has not seen."),
    measured("digest_waiting", "1", "Changes that wait for the digest."),
    measured("digest_failed", "1", "Changes whose digest failed five times."),
    measured("pricing_gaps", "1", "Models that were used and have no known price."),
    of_samples(
        "pipeline.query_time",
        unit="ms",
        help="Time to read the chart of a day, tried once a minute.",
        kind=Kind.DISTRIBUTION,
        goodness=Goodness.LOWER,
        prometheus=(
            Prometheus(
                "{ns}_metric_query_seconds",
                Exposed.HISTOGRAM,
                scale=0.001,
                boundaries=(1.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 1_000.0),
                help="Time to read the chart of a day in seconds, tried once a minute.",
            ),
        ),
    ),
    measured(
        "rollup_lag",
        "s",
        "Age of the oldest change that the roll-up has not seen, by level.",
        family="rollup_lag_seconds",
        by_level=True,
    ),
    measured("rollup_waiting", "1", "Buckets that wait to be recomputed, by level.", family="rollup_waiting", by_level=True),
    measured("rollup_failed", "1", "Buckets that cannot be recomputed.", family="rollup_failed"),
    measured("database_size", "bytes", "Size of the database.", family="database_bytes"),
    measured(
        "database_growth",
        "bytes",
        "By how much the database grew within a day.",
        family="database_growth_bytes",
    ),
)
