"""How far the scoring of answers is behind; measured each minute by observatory/watch/."""

from interactions.metrics.pipeline import measured
from observatory.metrics.catalogue import declare

declare(
    measured("scoring_lag", "s", "Age of the oldest trace whose answers wait to be scored.", family="scoring_lag_seconds"),
    measured("scoring_waiting", "1", "Traces whose answers wait to be scored.", family="scoring_waiting"),
    measured("scoring_failed", "1", "Traces whose scoring failed five times.", family="scoring_failed"),
)
