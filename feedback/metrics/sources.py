"""The table of scores as the roll-up reads it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from feedback.models import Score
from feedback.scores import SOURCE_NAME
from observatory.metrics.catalogue import Source
from observatory.metrics.times import times_by_day

ROWS_A_FETCH = 5_000
COLUMNS = tuple(
    (
        "at name source state value label is_passed parts version author cost_usd input_tokens output_tokens attempts "
        "user_id session_id model model_version environment category confidence"
    ).split()
)


def _rows(project_id: int, start: datetime, end: datetime) -> Iterable[tuple[Any, ...]]:
    window = Score.objects.for_project(project_id).filter(at__gte=start, at__lt=end)
    return window.values_list(*COLUMNS).iterator(ROWS_A_FETCH)


SCORES = Source(
    SOURCE_NAME,
    "One verdict on an answer: of a user, a reviewer, a judge, an estimate or the application.",
    COLUMNS,
    _rows,
    times_by_day(Score.objects.all(), "at"),
    partition="source",
)
