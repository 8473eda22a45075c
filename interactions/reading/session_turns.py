"""A session as its page shows it: every turn's figures, the whole texts of one page of turns, the events between them.

The number of statements does not depend on the number of turns. Of a session with more than MOST_TURNS the first ones
are judged; its totals are always of all turns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast, Substr

from interactions.models import Interaction, InteractionQuerySet
from interactions.reading.opinions import Opinion, opinions_of_session
from interactions.reading.page_events import FEEDBACK, of_session
from interactions.reading.said_feedback import feedback_in
from interactions.reading.sessions import figures_of, with_texts
from interactions.reading.turns import Spoken, Turn, judge, why_given_up

TURNS_A_PAGE = 50
MOST_TURNS = 2_000
MOST_EVENTS = 300  # listed on a page
DATA_CHARS = 300  # of an event, shown
COLUMNS = (
    "id interaction_id trace_id asked_at is_error latency_ms confidence query_preview answer_preview user_id model".split()
)


@dataclass(frozen=True, slots=True)
class SessionEvent:
    """An event between the turns; `data` is the beginning of its JSON."""

    type: str
    at: datetime
    component: str
    action: str
    duration_ms: float | None
    data: str


@dataclass(frozen=True)
class SessionPage:
    """One page of a session. `whole` are the shown turns with their texts, in the order of `shown`."""

    session_id: str
    user_id: str
    figures: dict[str, Any]
    models: Sequence[str]
    turns: Sequence[Turn]
    page: int
    whole: Sequence[dict[str, Any]]
    events: Sequence[SessionEvent]
    is_cut: bool  # there are more events on this page than are listed
    given_up: str
    opinions: Mapping[str, Sequence[Opinion]]  # without ratings, by the id of their interaction
    said: Sequence[Opinion]  # of the session as a whole; a rating stands at a turn

    @property
    def shown(self) -> Sequence[Turn]:
        return self.turns[(self.page - 1) * TURNS_A_PAGE : self.page * TURNS_A_PAGE]

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.turns) // TURNS_A_PAGE))

    @property
    def first_bad(self) -> Turn | None:
        return next((turn for turn in self.turns if turn.faults), None)


def page_of_turn(number: int) -> int:
    return (number - 1) // TURNS_A_PAGE + 1


def session_page(project_id: int, session_id: str, *, page: int, now: datetime) -> SessionPage | None:
    """Return a page of the session, the last one if it has fewer; None if the project has no such session."""
    interactions = Interaction.objects.for_project(project_id).exchanges().of_session(session_id)
    rows = list(interactions.order_by("asked_at", "id").only(*COLUMNS)[:MOST_TURNS])
    if not rows:
        return None
    opinions = opinions_of_session(project_id, session_id)
    turns = judge([_spoken(row) for row in rows], feedback_in(opinions))
    page = min(max(page, 1), page_of_turn(len(rows)))
    first = (page - 1) * TURNS_A_PAGE
    shown = rows[first : first + TURNS_A_PAGE]
    after = rows[first + TURNS_A_PAGE].asked_at if len(rows) > first + TURNS_A_PAGE else None
    events = _events(project_id, session_id, shown[0].asked_at if page > 1 else None, after)
    figures = figures_of(interactions)
    return SessionPage(
        session_id=session_id,
        user_id=next((row.user_id for row in rows if row.user_id), ""),
        figures=figures,
        models=sorted({row.model for row in rows if row.model}),
        turns=turns,
        page=page,
        whole=with_texts(project_id, _complete(interactions, shown)),
        events=events[:MOST_EVENTS],
        is_cut=len(events) > MOST_EVENTS,
        given_up=why_given_up(turns, now=now) if figures["turns"] == len(turns) else "",
        opinions=_by_interaction(opinions),
        said=[one for one in opinions if one.interaction_id is None and not one.is_rating],
    )


def _by_interaction(opinions: Sequence[Opinion]) -> dict[str, list[Opinion]]:
    found: dict[str, list[Opinion]] = {}
    for one in opinions:
        if one.interaction_id and not one.is_rating:
            found.setdefault(str(one.interaction_id), []).append(one)
    return found


def _complete(interactions: InteractionQuerySet, shown: Sequence[Interaction]) -> list[Interaction]:
    found = interactions.in_bulk([row.pk for row in shown])
    return [found[row.pk] for row in shown if row.pk in found]


def _spoken(row: Interaction) -> Spoken:
    return Spoken(
        row.pk,
        frozenset({str(row.interaction_id), row.trace_id}),
        row.asked_at,
        row.is_error,
        row.latency_ms,
        row.confidence,
        row.query_preview,
        row.answer_preview,
    )


def _events(project_id: int, session_id: str, since: datetime | None, until: datetime | None) -> list[SessionEvent]:
    rows = of_session(project_id, session_id).exclude(type=FEEDBACK).order_by("occurred_at", "id")
    if since:
        rows = rows.filter(occurred_at__gte=since)
    if until:
        rows = rows.filter(occurred_at__lt=until)
    rows = rows.annotate(head=Substr(Cast("data", TextField()), 1, DATA_CHARS))
    return [
        SessionEvent(*row)
        for row in rows.values_list("type", "occurred_at", "component", "action", "duration_ms", "head")[: MOST_EVENTS + 1]
    ]
