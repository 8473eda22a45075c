"""The whole demo into a project, the way of everything else: parse, store, digest."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from interactions.digest.run import digest_until_empty
from interactions.ingest.browser import TYPES, parse_browser_event
from interactions.ingest.native.event import parse_event
from interactions.ingest.native.interaction import parse_interaction
from interactions.ingest.native.span import parse_span
from interactions.ingest.plan import Outcome
from interactions.ingest.records import Record
from interactions.ingest.store import store
from observatory.demo.apps.registry import APPS, App
from observatory.demo.calendar import Calendar
from observatory.demo.said import send_said
from observatory.demo.turns import Said, Sent, session_of

SEED = 20240229
BATCH_RECORDS = 1_000
# Digested on the way, so that the last one need not wait for all.
DIGEST_EVERY_BATCHES = 4

Progress = Callable[[int], None]


def load(*, project_id: int, calendar: Calendar, progress: Progress = lambda sessions: None) -> dict[str, int]:
    """Store and digest all sessions up to `calendar.until`; return how many records of each kind were new.

    The same calendar gives the same records, ids included: what is there already is not stored again.
    """
    stored = {"interactions": 0, "spans": 0, "events": 0}
    waiting: list[Record] = []
    said: list[Said] = []
    batches = 0
    for app in APPS:
        for sent in sessions_of(app, calendar):
            progress(1)
            waiting += records_of(sent, calendar)
            said += sent.said
            if len(waiting) >= BATCH_RECORDS:
                _store(waiting, project_id, calendar, stored)
                waiting, batches = [], batches + 1
                if batches % DIGEST_EVERY_BATCHES == 0:
                    digest_until_empty()
    _store(waiting, project_id, calendar, stored)
    digest_until_empty()
    # Last, so that it finds the answers of traces.
    send_said(project_id, said, now=calendar.until)
    return stored


def sessions_of(app: App, calendar: Calendar) -> Iterator[Sent]:
    """What the application sends, one session after the other; nothing that would end after `calendar.until`."""
    rng = Random(f"{SEED} {app.name} {calendar.until.isoformat()} {calendar.days}")
    for starts_at in calendar.session_starts(a_day=app.sessions_a_day, hours=app.hours, weekend=app.weekend, rng=rng):
        own = Random(rng.getrandbits(64))
        session = Sent()
        for turn in session_of(app.name, calendar, starts_at, turns=app.turns, rng=own):
            sent = app.send(turn)
            if last_moment_ms(sent) > calendar.until.timestamp() * 1000:
                break
            session.interactions += sent.interactions
            session.spans += sent.spans
            session.events += sent.events
            session.said += sent.said
        yield session


def last_moment_ms(sent: Sent) -> float:
    ends = [span["started_at"] + span["duration_ms"] for span in sent.spans]
    ends += [one["asked_at"] + one.get("latency_ms", 0) for one in sent.interactions]
    ends += [body["timestamp"] for _, body in sent.said if "timestamp" in body]
    return max(ends + [event["timestamp"] for event in sent.events])


def records_of(sent: Sent, calendar: Calendar) -> list[Record]:
    now = calendar.until
    return [
        *(parse_span(span, now=now) for span in sent.spans),
        *(parse_interaction(one, now=now) for one in sent.interactions),
        *(_event(event, calendar) for event in sent.events),
    ]


def _event(event: dict[str, Any], calendar: Calendar) -> Record:
    parse = parse_browser_event if event["type"] in TYPES else parse_event
    return parse(event, now=calendar.until)


def _store(records: list[Record], project_id: int, calendar: Calendar, stored: dict[str, int]) -> None:
    if not records:
        return
    outcomes = store(project_id=project_id, signal="demo", now=calendar.until, records=records)
    for record, outcome in zip(records, outcomes, strict=True):
        kind = type(record).__name__.removesuffix("Record").lower() + "s"
        stored[kind] += outcome is Outcome.STORED
