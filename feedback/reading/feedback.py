"""What people said, one by one and by pages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from feedback.models import Score, Source
from feedback.reading.pages import NAMED, Wanted
from feedback.same import SIGNAL
from feedback.submit import RATING
from interactions.reading.filters import short_text
from observatory.core.errors import ApiError
from observatory.core.parameters import moment

IDS = ("interaction_id", "session_id", "user_id")  # each has an index
BOUNDS = {"min_rating": "value__gte", "max_rating": "value__lte"}
PARAMETERS = (*IDS, "model", *BOUNDS, "has_comment", "since", "until")
YES_NO = {"true": True, "false": False}


def wanted_feedback(project_id: int, parameters: Mapping[str, str]) -> Wanted:
    """Return what is asked for; raises ApiError with the parameter that is wrong. Others are left alone."""
    rows = Score.objects.for_project(project_id)
    ids = {name: value for name in IDS if (value := short_text(parameters, name))}
    rest = _rest(parameters)
    if "interaction_id" in ids:
        rows = rows.filter(interaction_id=uuid_of(ids["interaction_id"], "interaction_id"))
    for name in ("session_id", "user_id"):
        if name in ids:  # the negation is that of the partial index, which SQLite takes only if it is said
            rows = rows.filter(~Q(**{name: ""}), **{name: ids[name]})
    if ids:  # every answer of a user has an estimate, which stands among the ratings in that index
        rows, rest = rows.annotate(named=NAMED), rest & Q(named=RATING, source=Source.USER)
    else:
        rows = rows.of(Source.USER).filter(name=RATING)
    since, until = moment(parameters, "since"), moment(parameters, "until")
    return Wanted(between(rows, since, until), rest, "interaction_id" in ids)


def between(rows: Any, since: datetime | None, until: datetime | None) -> Any:
    rows = rows.filter(at__gte=since) if since else rows
    return rows.filter(at__lt=until) if until else rows


def uuid_of(text: str, name: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ApiError("invalid", "expected a UUID", field=name) from None


def _rest(parameters: Mapping[str, str]) -> Q:
    """What no index knows."""
    rest = Q()
    if model := short_text(parameters, "model"):
        rest &= Q(model=model)
    for name, condition in BOUNDS.items():
        if text := short_text(parameters, name):
            if text not in {"1", "2", "3", "4", "5"}:
                raise ApiError("invalid", "expected a whole number from 1 to 5", field=name)
            rest &= Q(**{condition: int(text)})
    if text := short_text(parameters, "has_comment").lower():
        if text not in YES_NO:
            raise ApiError("invalid", "expected true or false", field="has_comment")
        rest &= ~Q(comment="") if YES_NO[text] else Q(comment="")
    return rest


def find_feedback(project_id: int, feedback_id: str) -> Score | None:
    """What a person said or did, by its id."""
    if "\x00" in feedback_id:
        return None
    rows = Score.objects.for_project(project_id).of(Source.USER, Source.SIGNAL)
    return rows.filter(score_id=feedback_id).first()


def feedback_row(score: Score) -> dict[str, Any]:
    """A rating, or a signal: then `signal` says which, and nothing else is said."""
    thumbs = score.parts.get("thumbs")
    is_signal = score.source == Source.SIGNAL
    return {
        "feedback_id": score.score_id,
        "signal": score.name.removeprefix(SIGNAL) if is_signal else None,
        "rating": None if is_signal or score.value is None else round(score.value),
        "thumbs": None if thumbs is None else "up" if thumbs else "down",
        "comment": score.comment or None,
        "category": score.label or None,
        "tone": score.parts.get("tone"),
        "tone_details": score.details.get("tone"),
        **labels_of(score),
        "at": score.at,
        "is_waiting": score.is_waiting,
        "metadata": score.details.get("metadata"),
        "attributes": score.details.get("attributes"),
    }


def labels_of(score: Score) -> dict[str, Any]:
    """Of what it is said, and what is known of that."""
    return {
        "interaction_id": score.interaction_id,
        "trace_id": score.trace_id or None,
        "session_id": score.session_id or None,
        "user_id": score.user_id or None,
        "model": score.model or None,
        "model_version": score.model_version or None,
        "environment": score.environment or None,
        "question_category": score.category or None,
        "confidence": score.confidence,
    }
