"""The feedback of web pages (`user_feedback` of browser metrics) as ratings of users."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from feedback.ids import id_of
from feedback.models.score import MAX_COMMENT
from feedback.scores import Verdict
from feedback.submit import Rating, verdict_of
from interactions.ingest.native.ids import canonical_id
from interactions.ingest.said import Said
from interactions.reading.turns import as_rating

FEEDBACK = "user_feedback"
MAX_ID = 64
UUID_CHARS = 36  # with its dashes: without them it is the id of a trace, which a native interaction has as well


def rating_of(said: Said, *, now: datetime) -> Verdict | None:
    """None for an event that says neither stars, nor a thumb, nor words.

    `qnaLogId` names the answer: the id of an interaction, or of a trace. Without one each event is a rating of its own.
    """
    data = said.data
    value, helpful, text = as_rating(data.get("rating")), data.get("helpful"), data.get("feedbackText")
    is_thumb_up = helpful if isinstance(helpful, bool) else None
    comment = text.strip()[:MAX_COMMENT] if isinstance(text, str) else ""
    if value is None and is_thumb_up is None and not comment:
        return None
    interaction_id, trace_id = (None, said.trace_id) if said.trace_id else _answer(data)
    rating = Rating(
        at=min(now, said.at),
        interaction_id=interaction_id,
        trace_id=trace_id,
        session_id=said.session_id,
        user_id=said.user_id,
        value=value,
        is_thumb_up=is_thumb_up,
        comment=comment,
    )
    verdict = verdict_of(rating)
    if not (interaction_id or trace_id):
        verdict.score_id = id_of("user", "event", said.id)
    return verdict


def _answer(data: Mapping[str, Any]) -> tuple[UUID | None, str]:
    value = data.get("qnaLogId")
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None, ""
    text = str(value).strip()[:MAX_ID]
    if len(text) == UUID_CHARS:
        try:
            return UUID(text), ""
        except ValueError:
            return None, text
    return None, canonical_id(text, 16)
