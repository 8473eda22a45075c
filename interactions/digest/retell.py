"""Telling of facts that are stored already what was told when they came: for what is made of them to be made anew."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction

from interactions.digest.facts import load_traces
from interactions.ingest.native.reader import EPOCH
from interactions.ingest.said import Said, names_told, of_span, span_in, tell
from interactions.models import Event, Span

ROWS_AT_ONCE = 500
TRACES_AT_ONCE = 200
MICROSECOND = timedelta(microseconds=1)


def tell_again(project_id: int, *, now: datetime) -> int:
    """Tell all of a project that somebody asked for, and return how much it was."""
    number, found = 0, _stored(project_id, names_told())
    while some := list(islice(found, ROWS_AT_ONCE)):
        with transaction.atomic():
            tell(project_id, some, now=now)
        number += len(some)
    return number


def _stored(project_id: int, names: Collection[str]) -> Iterator[Said]:
    """The events by time, then what spans say, trace by trace."""
    events = Event.objects.filter(project_id=project_id, type__in=names).order_by("occurred_at", "id")
    columns = ("event_id", "type", "occurred_at", "session_id", "user_id", "trace_id", "data")
    for event_id, name, at, session_id, user_id, trace_id, data in events.values_list(*columns).iterator(ROWS_AT_ONCE):
        yield Said(event_id, name, at, session_id, user_id, str(trace_id or ""), span_in(data), data)
    for traces in _traces(project_id):
        for trace_id, facts in load_traces(project_id, traces).items():
            for span in facts.spans:
                started_us = (span.row.started_at - EPOCH) // MICROSECOND
                yield from of_span(trace_id, span.row.span_id, span.row.name, started_us, span.texts, names)


def _traces(project_id: int) -> Iterator[list[str]]:
    """The traces of a project, some at a time, by their order in the index."""
    rows = Span.objects.filter(project_id=project_id).order_by("trace_id").values_list("trace_id", flat=True).distinct()
    some = [str(one) for one in rows[:TRACES_AT_ONCE]]
    while some:
        yield some
        some = [str(one) for one in rows.filter(trace_id__gt=some[-1])[:TRACES_AT_ONCE]]
