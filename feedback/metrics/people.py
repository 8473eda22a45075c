"""What people say of answers: ratings, thumbs, comments and their tone."""

from collections.abc import Callable
from typing import Any

from feedback.metrics.sources import CATEGORY, ENVIRONMENT, OF_ANSWER, PROMPT_NAME, PROMPT_VERSION, RATING, SCORES
from feedback.models import Source, State
from observatory.metrics.catalogue import Exposed, Goodness, Kind, Label, Metric, Prometheus, declare

LOW_RATING = 2  # ledger R6: up to here a rating is low
TONE_APART = 0.05  # VADER's own bounds: between them a text is neutral
SIX_HOURS_S = 21_600
POSITIVE, NEUTRAL, NEGATIVE = TONES = ("positive", "neutral", "negative")
# Where answers are told apart by their confidence; 0.6 is where a low one ends.
CONFIDENCES = ((0.5, "below 0.5"), (0.6, "0.5 to 0.6"), (0.7, "0.6 to 0.7"), (0.8, "0.7 to 0.8"), (0.9, "0.8 to 0.9"))
MOST_CONFIDENT = "0.9 and above"
USERS = (int(Source.USER),)


def rating(row: Any) -> float | None:
    return row.value if row.name == RATING and row.state == State.SCORED else None


def part(name: str) -> Callable[[Any], float | None]:
    """A number that stands beside the rating."""
    return lambda row: row.parts.get(name) if row.name == RATING and row.state == State.SCORED else None


thumb, tone_number = part("thumbs"), part("tone")


def is_low(row: Any) -> bool | None:
    value = rating(row)
    return None if value is None else value <= LOW_RATING


def is_rated(row: Any) -> bool:
    """Whether it is the first feedback on a known answer, as a rating or a thumb."""
    return row.interaction_id is not None and not row.is_again and (rating(row) is not None or thumb(row) is not None)


def tone(row: Any) -> str:
    number = tone_number(row)
    if number is None:
        return ""
    return POSITIVE if number >= TONE_APART else NEGATIVE if number <= -TONE_APART else NEUTRAL


def is_positive(row: Any) -> bool | None:
    return tone(row) == POSITIVE if tone(row) else None


def confidence(row: Any) -> str:
    """In which stretch the confidence of the answer lies."""
    return next((name for below, name in CONFIDENCES if row.confidence < below), MOST_CONFIDENT)


def confident_rating(row: Any) -> float | None:
    return None if row.confidence is None else rating(row)


def ratings(name: str, help: str, *labels: Label, value: Callable[[Any], float | None] = rating) -> Metric:
    """Ratings by something else than the model: sums, which are enough for means and their intervals."""
    return Metric(
        f"feedback.{name}",
        unit="1",
        help=help,
        kind=Kind.SUM,
        source=SCORES,
        value=value,
        of=USERS,
        labels=(*labels, ENVIRONMENT),
        goodness=Goodness.HIGHER,
    )


declare(
    Metric(
        "feedback.rating",
        unit="1",
        help="Ratings of users, from 1 to 5.",
        kind=Kind.DISTRIBUTION,
        source=SCORES,
        value=rating,
        of=USERS,
        labels=OF_ANSWER,
        goodness=Goodness.HIGHER,
        prometheus=(
            Prometheus(
                "{ns}_user_satisfaction_score",
                Exposed.GAUGE_MEAN,
                window_s=SIX_HOURS_S,
                help="Mean rating, 1 to 5, of the last six hours.",
            ),
        ),
    ),
    ratings("rating_by_category", "Ratings by the category of the question.", CATEGORY),
    ratings("rating_by_prompt", "Ratings by the prompt that answered.", PROMPT_NAME, PROMPT_VERSION),
    ratings(
        "rating_by_confidence",
        "Ratings by the confidence of the answer: whether it is sure where users are content.",
        Label("confidence", confidence, cap=len(CONFIDENCES) + 1),
        value=confident_rating,
    ),
    Metric(
        "feedback.low_ratings",
        unit="share",
        help=f"Share of ratings that are low: {LOW_RATING} or less.",
        kind=Kind.PROPORTION,
        source=SCORES,
        value=is_low,
        of=USERS,
        labels=OF_ANSWER,
        goodness=Goodness.LOWER,
    ),
    Metric(
        "feedback.answers_rated",
        unit="1",
        help="Answers that users rated or gave a thumb, each once, at the first. Of all answers it is the feedback rate.",
        kind=Kind.COUNT,
        source=SCORES,
        value=is_rated,
        of=USERS,
        labels=OF_ANSWER,
        prometheus=(
            Prometheus("{ns}_feedback_total", Exposed.COUNTER, help="Answers that users rated or gave a thumb, each once."),
        ),
    ),
    Metric(
        "feedback.thumbs_up",
        unit="share",
        help="Share of thumbs that point up.",
        kind=Kind.PROPORTION,
        source=SCORES,
        value=thumb,
        of=USERS,
        labels=OF_ANSWER,
        goodness=Goodness.HIGHER,
    ),
    Metric(
        "feedback.comments",
        unit="1",
        help="Feedback of users with a comment.",
        kind=Kind.COUNT,
        source=SCORES,
        value=lambda row: row.name == RATING and row.has_comment,
        of=USERS,
        labels=OF_ANSWER,
    ),
    Metric(
        "feedback.tone",
        unit="1",
        help="English comments by their tone (VADER): how words sound, not how content somebody is.",
        kind=Kind.COUNT,
        source=SCORES,
        value=lambda row: bool(tone(row)),
        of=USERS,
        labels=(Label("tone", tone, cap=len(TONES)), *OF_ANSWER),
    ),
    Metric(
        "feedback.positive_tone",
        unit="share",
        help="Share of English comments with a positive tone. No measure of satisfaction.",
        kind=Kind.PROPORTION,
        source=SCORES,
        value=is_positive,
        of=USERS,
        labels=OF_ANSWER,
        goodness=Goodness.HIGHER,
        prometheus=(
            Prometheus(
                "{ns}_feedback_sentiment_ratio",
                Exposed.GAUGE_MEAN,
                window_s=SIX_HOURS_S,
                help="Share of English comments of the last six hours with a positive tone.",
            ),
        ),
    ),
)
