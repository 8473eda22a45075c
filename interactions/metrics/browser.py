"""Metrics of browser messages (ledger T1): every numeric field, and counts by what a team wants to tell apart."""

from collections.abc import Callable
from typing import Any

from interactions.metrics.sources import EVENTS
from observatory.metrics.catalogue import Exposed, Goodness, Kind, Label, Metric, Prometheus, declare

VERSION = Label("model_version", lambda row: row.data.get("model_version") or row.data.get("modelVersion"))


def field(name: str) -> Callable[[Any], Any]:
    return lambda row: row.data.get(name)


def numbers(kind: str, goodness: Goodness, *fields: tuple[str, str, str, str]) -> tuple[Metric, ...]:
    """A distribution for each numeric field of a type: `(metric, field, unit, help)`."""
    return tuple(
        Metric(
            f"browser.{name}",
            unit=unit,
            help=text,
            kind=Kind.DISTRIBUTION,
            source=EVENTS,
            value=field(key),
            of=(kind,),
            goodness=goodness,
        )
        for name, key, unit, text in fields
    )


declare(
    Metric(
        "browser.gesture_confidence",
        unit="share",
        help="Confidence of recognised gestures, by version of the model.",
        kind=Kind.DISTRIBUTION,
        source=EVENTS,
        value=field("confidence"),
        of=("gesture_recognition",),
        labels=(VERSION,),
        goodness=Goodness.HIGHER,
        prometheus=(
            Prometheus(
                "{ns}_gesture_recognition_accuracy",
                Exposed.GAUGE_MEAN,
                labels=(("model_version", "model_version"),),
                help="Mean confidence of recognised gestures in the last five minutes.",
            ),
        ),
    ),
    Metric(
        "browser.gesture_success",
        unit="share",
        help="Share of gestures that were recognised, by version of the model.",
        kind=Kind.PROPORTION,
        source=EVENTS,
        value=field("success"),
        of=("gesture_recognition",),
        labels=(VERSION,),
        goodness=Goodness.HIGHER,
    ),
    *numbers(
        "gesture_recognition",
        Goodness.LOWER,
        ("gesture_processing_time", "processingTime", "ms", "Time to recognise a gesture."),
    ),
    *numbers(
        "performance",
        Goodness.LOWER,
        ("page_load_time", "pageLoadTime", "ms", "Time until a page was loaded."),
        ("dom_content_loaded", "domContentLoaded", "ms", "Time until a page's document was parsed."),
        ("first_paint", "firstPaint", "ms", "Time until anything was painted."),
        ("first_contentful_paint", "firstContentfulPaint", "ms", "Time until the first content was painted."),
        ("memory_usage", "memoryUsage", "bytes", "Memory of a page."),
    ),
    *numbers(
        "user_journey_completion",
        Goodness.HIGHER,
        ("journey_completion", "completionRate", "percent", "How far users came on their journey."),
    ),
    *numbers(
        "user_feedback",
        Goodness.HIGHER,
        ("rating", "rating", "1", "Ratings from 1 to 5 as pages sent them. Part of feedback.rating: never add the two."),
    ),
    *numbers(
        "question_category", Goodness.LOWER, ("question_length", "questionLength", "characters", "Length of questions.")
    ),
    Metric(
        "browser.helpful",
        unit="share",
        help="Share of answers that users called helpful.",
        kind=Kind.PROPORTION,
        source=EVENTS,
        value=field("helpful"),
        of=("user_feedback",),
        goodness=Goodness.HIGHER,
    ),
    Metric(
        "browser.journey_steps",
        unit="1",
        help="Steps that users reached on their journey.",
        kind=Kind.COUNT,
        source=EVENTS,
        of=("user_journey_completion",),
        labels=(Label("step", field("step"), cap=20),),
    ),
    Metric(
        "browser.journeys",
        unit="sessions",
        help="Sessions by the steps that they reached on their journey: a session counts once a step.",
        kind=Kind.DISTINCT,
        source=EVENTS,
        value="session_id",
        of=("user_journey_completion",),
        labels=(Label("step", field("step"), cap=20),),
    ),
    Metric(
        "browser.questions",
        unit="1",
        help="Questions by category.",
        kind=Kind.COUNT,
        source=EVENTS,
        of=("question_category",),
        labels=(Label("category", field("category")),),
    ),
    Metric(
        "browser.actions",
        unit="1",
        help="What users did, by action and component.",
        kind=Kind.COUNT,
        source=EVENTS,
        of=("user_interaction",),
        labels=(Label("action"), Label("component", empty="none")),
    ),
    Metric(
        "browser.action_duration",
        unit="ms",
        help="How long users' actions took.",
        kind=Kind.DISTRIBUTION,
        source=EVENTS,
        value=lambda row: row.data.get("duration") if row.duration_ms is None else row.duration_ms,
        of=("user_interaction",),
        goodness=Goodness.LOWER,
    ),
)
