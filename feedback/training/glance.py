"""The training buffer as a page shows it: exact where people said little, else what may be known without reading it all."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from feedback.metrics.training import SIZE
from feedback.models import Score, Source
from feedback.submit import RATING
from feedback.training.buffer import VERDICT, few_judged, measure, share_of, training_buffer, verdicts
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
    """Six statements at most, which look at LOOKED verdicts each."""
    ids = few_judged(project_id, LOOKED)
    if ids is not None:
        whole = measure(project_id)
        return Glance(whole.size, whole.rated, whole.quality)
    values = _newest_ratings(project_id)
    quality = share_of(sum(values) / len(values)) if values else None
    known = summaries(catalogue.metric(SIZE), project_id=project_id, window=Window(now - LATELY, now)).get(())
    if known and known.last is not None and known.last_at is not None:
        at = datetime.fromtimestamp(known.last_at, now.tzinfo)
        return Glance(round(known.last), len(values), quality, is_whole=False, measured_at=at)
    some = verdicts(project_id).order_by().values("interaction_id")[:LOOKED]
    return Glance(training_buffer(project_id, among=some).count(), len(values), quality, is_whole=False, is_least=True)


def _newest_ratings(project_id: int) -> list[float]:
    """Of answers; a rating of a whole session, and a thumb alone, are looked at and left out."""
    rows = Score.objects.for_project(project_id).of(Source.USER).filter(VERDICT, name=RATING).newest_first()
    return [value for value, answer in rows.values_list("value", "interaction_id")[:LOOKED] if answer and value is not None]
