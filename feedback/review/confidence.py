"""The application's own confidence, held against what users, reviewers and judges say of the same answers."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from feedback.models import ReviewItem, Score, Source
from feedback.review.contradictions import is_happy
from feedback.review.reviewed import Reviewed
from interactions.confidence import LOW_CONFIDENCE
from interactions.reading.opinions import RATING
from observatory.stats.calibration import BINS, Calibration, calibrate
from observatory.stats.sketch import is_below, step_of
from observatory.stats.summary import Summary

MOST_PAIRS = 3_000  # the newest of each sort


def of_ratings(project_id: int, since: datetime) -> Calibration:
    """Good is a rating of 4 or 5, or a thumb up; a 3 is neither, and left out."""
    rows = _told(project_id, RATING, since).of(Source.USER).values_list("confidence", "value", "parts")[:MOST_PAIRS]
    moods = ((confidence, is_happy(value, parts)) for confidence, value, parts in rows)
    return calibrate((confidence, mood) for confidence, mood in moods if mood is not None)


def of_reviews(answers: Iterable[Reviewed]) -> Calibration:
    """Of answers drawn at random or for their confidence: the others are doubtful at any confidence."""
    drawn = (one for one in answers if one.item.sample_rate or one.item.reason == ReviewItem.Reason.LOW_CONFIDENCE)
    return calibrate((said.confidence, said.is_passed) for one in drawn if (said := one.said[0]).confidence is not None)


def of_judge(project_id: int, evaluator: str, since: datetime) -> Calibration:
    return calibrate(_passes(project_id, evaluator, since))


def _passes(project_id: int, name: str, since: datetime) -> Iterator[tuple[float, bool]]:
    rows = _told(project_id, name, since).of(Source.JUDGE).exclude(is_passed=None)
    yield from rows.values_list("confidence", "is_passed")[:MOST_PAIRS]


def _told(project_id: int, name: str, since: datetime) -> Any:
    rows = Score.objects.for_project(project_id).scored().filter(name=name, at__gte=since)
    return rows.exclude(confidence=None).newest_first()


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
