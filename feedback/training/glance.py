"""The training buffer as a page shows it: exact where people said little, else what may be known without reading it all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from feedback.metrics.training import SIZE
from feedback.models import Score, Source, State
from feedback.reading.newest import newest
from feedback.review.queue import REVIEW
from feedback.submit import RATING
from feedback.training.buffer import measure, share_of, training_buffer
from observatory.metrics import catalogue
from observatory.metrics.series import Window, summaries

LOOKED = 2_000  # verdicts
LATELY = timedelta(hours=1)  # the worker measures four times within


@dataclass(frozen=True, slots=True)
class Glance:
    """`size` and `quality` as of `Buffer`. `quality` is of the newest `rated` ratings, if there are more.

    `measured_at` is when the worker counted, where there is too much to count now; `is_least`: it has not done so lately.
    """

    size: int
    rated: int
    quality: float | None
    is_whole: bool = True
    is_least: bool = False
    measured_at: datetime | None = None

    @property
    def is_empty(self) -> bool:
        return not self.size and not self.is_least


def glance(project_id: int, *, now: datetime) -> Glance:
    """Eight statements at most, none of which looks at more than LOOKED verdicts of a sort."""
    if not Score.objects.for_project(project_id).filter(name__in=(RATING, REVIEW)).values("pk")[LOOKED : LOOKED + 1]:
        whole = measure(project_id)
        return Glance(whole.size, whole.rated, whole.quality)
    said = {name: [row for row in _newest(project_id, name) if _is_verdict(row)] for name in (RATING, REVIEW)}
    values = [row.value for row in said[RATING] if row.value is not None]
    quality = share_of(sum(values) / len(values)) if values else None
    known = summaries(catalogue.metric(SIZE), project_id=project_id, window=Window(now - LATELY, now)).get(())
    if known and known.last is not None and known.last_at is not None:
        at = datetime.fromtimestamp(known.last_at, now.tzinfo)
        return Glance(round(known.last), len(values), quality, is_whole=False, measured_at=at)
    ids = {row.interaction_id for rows in said.values() for row in rows}
    return Glance(training_buffer(project_id, among=ids).count(), len(values), quality, is_whole=False, is_least=True)


def _newest(project_id: int, name: str) -> Iterable[Any]:
    columns = ("value", "interaction_id", "source", "state", "is_waiting", "is_passed", "parts")
    return newest(project_id, name, LOOKED).values_list("name", *columns, named=True)


def _is_verdict(row: Any) -> bool:
    """Of a person on an answer, as `VERDICT` says of a row; a rating of a whole session is none."""
    if row.state != State.SCORED or row.is_waiting or not row.interaction_id:
        return False
    if row.name == RATING:
        return row.source == Source.USER and (row.value is not None or "thumbs" in row.parts)
    return row.source == Source.REVIEWER and (row.value is not None or row.is_passed is not None)
