"""The application's own confidence, held against what users, reviewers and judges say of the same answers."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from feedback.models import ReviewItem, Source, State
from feedback.reading.newest import newest
from feedback.review.contradictions import is_happy
from feedback.review.reviewed import Reviewed
from interactions.confidence import LOW_CONFIDENCE
from interactions.reading.opinions import RATING
from observatory.stats.calibration import BINS, Calibration, calibrate
from observatory.stats.sketch import is_below, step_of
from observatory.stats.summary import Summary

MOST_PAIRS, MOST_LOOKED = 3_000, 5_000  # the newest of each sort


def of_ratings(project_id: int, since: datetime) -> Calibration:
    """Good is a rating of 4 or 5, or a thumb up; a 3 is neither, and left out."""
    moods = ((row.confidence, is_happy(row.value, row.parts)) for row in _told(project_id, RATING, Source.USER, since))
    return calibrate((confidence, mood) for confidence, mood in moods if mood is not None)


def of_reviews(answers: Iterable[Reviewed]) -> Calibration:
    """Of answers drawn at random or for their confidence: the others are doubtful at any confidence."""
    drawn = (one for one in answers if one.item.sample_rate or one.item.reason == ReviewItem.Reason.LOW_CONFIDENCE)
    return calibrate((said.confidence, said.is_passed) for one in drawn if (said := one.said[0]).confidence is not None)


def of_judge(project_id: int, evaluator: str, since: datetime) -> Calibration:
    passed = ((row.confidence, row.is_passed) for row in _told(project_id, evaluator, Source.JUDGE, since))
    return calibrate((confidence, is_passed) for confidence, is_passed in passed if is_passed is not None)


def _told(project_id: int, name: str, source: Source, since: datetime) -> Iterator[Any]:
    """The newest scored ones of answers that tell their confidence: MOST_PAIRS, among the MOST_LOOKED newest of the name."""
    columns = ("confidence", "value", "is_passed", "parts", "source", "state")
    rows = newest(project_id, name, MOST_LOOKED, since=since).values_list(*columns, named=True)
    told = (row for row in rows if row.confidence is not None and (row.source, row.state) == (source, State.SCORED))
    return islice(told, MOST_PAIRS)


def buckets_of(summary: Summary) -> list[int]:
    """How many answers lie in each tenth of confidence; a sketch knows a value up to 1 %."""
    counts = [0] * BINS
    for number, n in summary.bins.items():
        counts[step_of(number, BINS)] += n
    return counts


def low_share(summary: Summary) -> float | None:
    """The share of answers below LOW_CONFIDENCE; None of none."""
    if not summary.n:
        return None
    return sum(n for number, n in summary.bins.items() if is_below(number, LOW_CONFIDENCE)) / summary.n
