"""What browsers told: the events of a session, and what users did (`user_interaction`). Their feedback becomes scores."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from interactions.models import Event
from interactions.reading.events import SORTED_TIME

FEEDBACK, ACTION = "user_feedback", "user_interaction"
MOST_ACTIONS = 5_000
MOST_SESSIONS = 300  # of a user, whose events are looked for: browsers often know the session alone


def of_session(project_id: int, session_id: str) -> QuerySet[Event]:
    """The events of a session. The negation is that of the partial index, which SQLite takes only if it is said."""
    return Event.objects.filter(~Q(session_id=""), project_id=project_id, session_id=session_id)


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
