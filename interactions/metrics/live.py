"""Gauges of the digest and of prices, read at the moment of a scrape."""

from collections.abc import Mapping
from datetime import datetime

from interactions.reading.health import digest_state, pricing_gaps
from observatory.metrics.exposition.live import LiveGauge, declare_live


def read(project_id: int, now: datetime) -> Mapping[str, float]:
    state = digest_state(project_id, now=now)
    return {
        "{ns}_digest_lag_seconds": state["lag_s"],
        "{ns}_digest_waiting": state["waiting"],
        "{ns}_digest_failed": state["failed"],
        "{ns}_pricing_gaps": len(pricing_gaps(project_id)),
    }


declare_live(
    LiveGauge("{ns}_digest_lag_seconds", "Age of the oldest change that the digest has not seen."),
    LiveGauge("{ns}_digest_waiting", "Stale marks that wait for the digest."),
    LiveGauge("{ns}_digest_failed", "Stale marks whose digest failed five times."),
    LiveGauge("{ns}_pricing_gaps", "Models that were used and have no known price."),
    read=read,
)
