"""What browsers told: feedback of users (`user_feedback`), and what they did (`user_interaction`)."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import CharField, Q, QuerySet, TextField
from django.db.models.fields.json import KT, KeyTransform
from django.db.models.functions import Cast, Substr

from interactions.models import Event
from interactions.reading.events import SORTED_TIME
from interactions.reading.turns import Feedback, as_rating

FEEDBACK, ACTION = "user_feedback", "user_interaction"
TEXT_CHARS = 300
ID_CHARS = 64
MOST_FEEDBACK = 2_000
MOST_ACTIONS = 5_000
MOST_SESSIONS = 300  # of a user, whose events are looked for: browsers often know the session alone


def of_session(project_id: int, session_id: str) -> QuerySet[Event]:
    """The events of a session. The negation is that of the partial index, which SQLite takes only if it is said."""
    return Event.objects.filter(~Q(session_id=""), project_id=project_id, session_id=session_id)


def feedback_of_session(project_id: int, session_id: str) -> list[Feedback]:
    return _by_time(_by_key(of_session(project_id, session_id)))


def feedback_of_user(project_id: int, user_id: str, sessions: Collection[str], *, since: datetime) -> list[Feedback]:
    """Their feedback since a moment: what names the user, and what came from their sessions, each once."""
    found: dict[int, Feedback] = {}
    for rows in _of_user(project_id, user_id, sessions):
        found |= _by_key(rows.filter(occurred_at__gte=since))
    return _by_time(found)


def actions_of_user(project_id: int, user_id: str, sessions: Collection[str], *, since: datetime) -> list[str]:
    """The latest actions in pages since a moment, each as "component · action"."""
    found: dict[int, str] = {}
    for rows in _of_user(project_id, user_id, sessions):
        latest = rows.filter(type=ACTION, occurred_at__gte=since).order_by(SORTED_TIME.desc())
        for key, component, action in latest.values_list("id", "component", "action")[:MOST_ACTIONS]:
            found[key] = " · ".join(part for part in (component, action) if part)
    return list(found.values())


def _of_user(project_id: int, user_id: str, sessions: Collection[str]) -> list[QuerySet[Event]]:
    own = Event.objects.filter(~Q(user_id=""), project_id=project_id, user_id=user_id)
    some = list(sessions)[:MOST_SESSIONS]
    theirs = Event.objects.filter(~Q(session_id=""), project_id=project_id, session_id__in=some)
    return [own, theirs.filter(user_id__in=("", user_id))]


def _by_time(found: Mapping[int, Feedback]) -> list[Feedback]:
    return sorted(found.values(), key=lambda said: said.at)


def _by_key(rows: QuerySet[Event]) -> dict[int, Feedback]:
    found = rows.filter(type=FEEDBACK).annotate(
        rating=KeyTransform("rating", "data"),
        helpful=KeyTransform("helpful", "data"),
        said=Substr(Cast(KT("data__feedbackText"), TextField()), 1, TEXT_CHARS),
        log=Substr(Cast(KT("data__qnaLogId"), CharField()), 1, ID_CHARS),
    )
    columns = ("id", "occurred_at", "rating", "helpful", "said", "log", "trace_id")
    return {
        row["id"]: Feedback(
            row["occurred_at"],
            as_rating(row["rating"]),
            row["helpful"] if isinstance(row["helpful"], bool) else None,
            row["said"] or "",
            frozenset(name for name in (row["trace_id"], row["log"]) if name),
        )
        for row in found.order_by(SORTED_TIME.desc(), "-id").values(*columns)[:MOST_FEEDBACK]
    }
