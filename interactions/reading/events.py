"""Events as the API answers them: those of a trace, and lists by pages within a bounded look."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast, Coalesce, Length

from interactions.ingest.native.ids import canonical_id
from interactions.models import Event
from interactions.reading.filters import short_text
from interactions.reading.pages import cursor_of, place_behind
from interactions.reading.selection import REACH, newer, older
from observatory.core.parameters import moment

MAX_DATA_CHARS = 1_000_000  # of the events of one answer, together
IDS = ("trace_id", "session_id", "user_id")  # each has an index
WORDS = ("type", "component", "action")  # only time narrows them
PARAMETERS = (*IDS, *WORDS, "since", "until")
TIME = "occurred_at"
# The time as no index has it. Ordered by the column itself, SQLite would go through all events of a project by their time to
# find those of one trace, or of some sessions.
SORTED_TIME = Coalesce(TIME, TIME)


@dataclass(frozen=True, slots=True)
class EventFilters:
    """`ids` and `words`: columns of IDS and of WORDS that hold exactly this."""

    ids: Mapping[str, str]
    words: Mapping[str, str]
    since: datetime | None = None
    until: datetime | None = None

    def within(self, project_id: int) -> QuerySet[Event]:
        """The events that an index finds. The negations are those of partial indexes, which SQLite takes only if said."""
        rows = Event.objects.filter(project_id=project_id, **self.ids)
        for name in {"session_id", "user_id"} & set(self.ids):
            rows = rows.filter(~Q(**{name: ""}))
        if self.since:
            rows = rows.filter(occurred_at__gte=self.since)
        return rows.filter(occurred_at__lt=self.until) if self.until else rows


def parse_event_filters(parameters: Mapping[str, str]) -> EventFilters:
    """Return the filters in `parameters`; raises ApiError with the parameter that is wrong. Others are left alone."""
    given = {name: value for name in (*IDS, *WORDS) if (value := short_text(parameters, name))}
    if "trace_id" in given:
        given["trace_id"] = canonical_id(given["trace_id"], 16)
    ids, words = ({name: given[name] for name in names if name in given} for names in (IDS, WORDS))
    return EventFilters(ids, words, moment(parameters, "since"), moment(parameters, "until"))


def events_page(project_id: int, filters: EventFilters, *, cursor: str, limit: int) -> tuple[list[Event], str | None]:
    """Return a page, newest first, and the cursor of the next; None at the end. With words it looks through REACH events."""
    time = SORTED_TIME if "trace_id" in filters.ids else F(TIME)
    rows = filters.within(project_id).order_by(time.desc(), "-id")
    if cursor:
        place = place_behind(cursor)
        rows = rows.filter(older(place, time=TIME), occurred_at__lte=place[0])
    end = None
    if filters.words:
        end = next(iter(rows.values_list(TIME, "id")[REACH - 1 : REACH]), None)
        rows = rows.filter(**filters.words)
    if end:
        rows = rows.filter(newer(end, or_same=True, time=TIME), occurred_at__gte=end[0])
    found = with_data(rows, limit + 1)
    if len(found) > limit:
        last = found[limit - 1]
        return found[:limit], cursor_of("o", (last.occurred_at, last.pk))
    return found, cursor_of("o", end)


def events_of_trace(project_id: int, trace_id: str, most: int) -> list[Event]:
    """The first events of a trace."""
    rows = Event.objects.filter(project_id=project_id, trace_id=trace_id)
    return with_data(rows.order_by(SORTED_TIME.asc(), "id"), most)


def with_data(rows: QuerySet[Event], most: int) -> list[Event]:
    """The first of `rows`. Data beyond what an answer may carry is not read: a note stands in its place."""
    events: list[Any] = list(rows.defer("data").annotate(size=Length(Cast("data", TextField())))[:most])
    left, whole = MAX_DATA_CHARS, []
    for event in events:
        if event.size <= left:
            left -= event.size
            whole.append(event.pk)
    data = dict(Event.objects.filter(pk__in=whole).values_list("pk", "data"))
    for event in events:
        event.data = data.get(event.pk, {"cut": True, "characters": event.size})
    return events


def event_dict(event: Event) -> dict[str, Any]:
    return {
        "event_id": event.event_id,
        "type": event.type,
        "occurred_at": event.occurred_at,
        "component": event.component or None,
        "action": event.action or None,
        "duration_ms": event.duration_ms,
        "data": event.data,
    }


def event_row(event: Event) -> dict[str, Any]:
    """An event of a list: also whose it is."""
    return {**event_dict(event), **{name: getattr(event, name) or None for name in IDS}}
