"""What packages to the right make of facts while these are stored: they register here, and write in the same transaction.

A fact that says something is an event, an event of a span, or a span itself, of a name that somebody asked for.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from interactions.ingest.native.reader import EPOCH
from interactions.ingest.records import EventRecord, SpanRecord

MAX_CHARS = 128  # of the ids of sessions and users


@dataclass(frozen=True, slots=True)
class Said:
    """`id` is the same whenever the fact is read; `data` are the attributes, or what the client sent."""

    id: str
    name: str
    at: datetime
    session_id: str = ""
    user_id: str = ""
    trace_id: str = ""
    span_id: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


# `take(project_id, said, now)` is called in the transaction that stores the facts, so it must be short, and must not fail.
# Told the same again, it must change nothing.
Take = Callable[[int, Sequence[Said], datetime], None]

_takers: list[tuple[Collection[str], Take]] = []


def register_taker(names: Collection[str], take: Take) -> None:
    """`take` is told what is stored under these names. Call it once, when the app is ready."""
    if (names, take) not in _takers:
        _takers.append((names, take))


def names_told() -> frozenset[str]:
    return frozenset(name for names, _ in _takers for name in names)


def tell_of_records(project_id: int, events: Iterable[EventRecord], spans: Iterable[SpanRecord], *, now: datetime) -> None:
    """Tell what of the records of one request was asked for."""
    names = names_told()
    found = [_of_event(one) for one in events if one.type in names]
    for one in spans:
        # Nearly all say nothing, and are passed by quickly.
        if one.name in names or "events" in one.texts:
            found += of_span(one.trace_id, one.span_id, one.name, one.started_us, one.texts, names)
    tell(project_id, found, now=now)


def tell(project_id: int, found: Sequence[Said], *, now: datetime) -> None:
    if found:
        for names, take in _takers:
            theirs = [one for one in found if one.name in names]
            if theirs:
                take(project_id, theirs, now)


def _of_event(event: EventRecord) -> Said:
    return Said(
        event.event_id,
        event.type,
        _moment(event.occurred_us),
        event.session_id[:MAX_CHARS],
        event.user_id[:MAX_CHARS],
        event.trace_id or "",
        span_in(event.data),
        event.data,
    )


def span_in(data: Mapping[str, Any]) -> str:
    """The span that the data of an event names; a client of the native API may have written anything there."""
    found = data.get("span_id")
    return found if isinstance(found, str) else ""


def of_span(
    trace_id: str, span_id: str, name: str, started_us: int, texts: Mapping[str, Any], names: Collection[str]
) -> Iterator[Said]:
    """What the events of a span say, and the span itself, where a client without events made one of it."""
    if name in names:
        yield _said(f"{trace_id}:{span_id}", name, started_us, trace_id, span_id, texts, texts.get("attributes"))
    for place, event in enumerate(texts.get("events") or ()):
        if isinstance(event, dict) and event.get("name") in names:
            at_us = event.get("at_us") or started_us
            key = f"{trace_id}:{span_id}:{place}"
            yield _said(key, event["name"], at_us, trace_id, span_id, texts, event.get("attributes"))


def _said(key: str, name: str, at_us: int, trace_id: str, span_id: str, texts: Mapping[str, Any], attributes: Any) -> Said:
    session_id, user_id = (
        value[:MAX_CHARS] if isinstance(value := texts.get(column), str) else "" for column in ("session_id", "user_id")
    )
    data = attributes if isinstance(attributes, dict) else {}
    return Said(key, name, _moment(at_us), session_id, user_id, trace_id, span_id, data)


def _moment(at_us: int) -> datetime:
    return EPOCH + timedelta(microseconds=at_us)
