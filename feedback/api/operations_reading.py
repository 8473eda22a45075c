"""What OpenAPI says of reading feedback and scores."""

from typing import Any

from feedback.api import schema_reading as schema
from feedback.reading.verdicts import SOURCES, STATES
from interactions.api.schema_reading import PAGING
from observatory.projects.operations import parameter, reads

TIMES = [
    parameter("since", str, "Said at this time or later; ISO 8601."),
    parameter("until", str, "Said before this time; ISO 8601."),
]
STARS = (1, 2, 3, 4, 5)

LIST_FEEDBACK = reads(
    "listFeedback",
    "List ratings, newest first",
    schema.FeedbackPage,
    errors="400 401 403 503",
    parameters=[
        parameter("interaction_id", str, "Of exactly this interaction."),
        parameter("user_id", str, "By exactly this user."),
        parameter("session_id", str, "Of exactly this session."),
        parameter("model", str, "Of answers of exactly this model."),
        parameter("min_rating", int, "At least so many stars.", enum=STARS),
        parameter("max_rating", int, "At most so many stars: 2 lists the low ratings.", enum=STARS),
        parameter("has_comment", bool, "With, or without, a comment."),
        *TIMES,
        *PAGING,
    ],
)
READ_FEEDBACK = reads("readFeedback", "Read one rating or signal", schema.FeedbackRow, errors="400 401 403 404 503")
SUMMARY: dict[str, Any] = {
    "errors": "400 401 403 503",
    "parameters": [
        parameter("since", str, "From this time; ISO 8601. Absent: 30 days before `until`."),
        parameter("until", str, "Before this time; ISO 8601. Absent: now."),
        parameter("environment", str, "Of answers of exactly this environment."),
    ],
    "description": (
        "From the buckets of the metrics, some seconds behind what is sent. Each figure has its n and an interval of 95 %, "
        "or null and the reason."
    ),
}
READ_SUMMARY = reads("readFeedbackSummary", "Read what people say and do, all told", schema.FeedbackSummary, **SUMMARY)
READ_SUMMARY_AT_ROOT = reads(
    "readFeedbackSummaryAtRoot", "Read the summary of feedback, at a shorter path", schema.FeedbackSummary, **SUMMARY
)
LIST_SCORES = reads(
    "listScores",
    "List scores, newest first",
    schema.ScorePage,
    errors="400 401 403 503",
    parameters=[
        parameter("name", str, "Exactly this score."),
        parameter("source", str, "Who says it.", enum=list(SOURCES)),
        parameter("state", str, "What came of it.", enum=list(STATES)),
        parameter("interaction_id", str, "Of exactly this interaction."),
        *TIMES,
        *PAGING,
    ],
    description="Scores of different sources are not averaged together. Only those that are `scored` have a value.",
)
