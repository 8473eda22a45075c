"""The training buffer: answers with the verdict of a person, that could be trained on. Measured, not counted from facts."""

from observatory.metrics.catalogue import Exposed, Goodness, Prometheus, declare
from observatory.metrics.record import of_samples

SIZE, QUALITY = "feedback.training_buffer_size", "feedback.training_buffer_quality"
HOUR_S = 3_600

declare(
    of_samples(
        SIZE,
        unit="answers",
        help="Answers with a question and the verdict of a person, a user or a reviewer: what an export could hold.",
        prometheus=(
            Prometheus(
                "{ns}_training_buffer_size", Exposed.GAUGE_LAST, window_s=HOUR_S, help="Answers in the training buffer."
            ),
        ),
    ),
    of_samples(
        QUALITY,
        unit="share",
        help="Mean rating of the users in the training buffer, from 0 (one star) to 1 (five).",
        goodness=Goodness.HIGHER,
        prometheus=(
            Prometheus(
                "{ns}_training_buffer_quality",
                Exposed.GAUGE_LAST,
                window_s=HOUR_S,
                help="Mean rating in the training buffer, from 0 to 1.",
            ),
        ),
    ),
)
