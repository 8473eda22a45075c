"""The demo goes on: sessions begin all the time, and whatever ended in the last ten seconds is sent.

Everything follows from the clock, so nothing has to be remembered between two ticks, and two ticks in the same ten
seconds send the same records, which are stored once.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

from interactions.ingest.records import Record
from interactions.ingest.store import store
from observatory.demo.apps.registry import APPS
from observatory.demo.calendar import Calendar
from observatory.demo.load import SEED, last_moment_ms, records_of
from observatory.demo.said import send_said
from observatory.demo.turns import Said, Sent, session_of

TICK_S = 10
SESSION_EVERY_S = 30  # with some two questions each: four or five interactions a minute
LONGEST_S = 1_200  # a session that began before has ended


def send_live(*, project_id: int, calendar: Calendar, now: datetime) -> int:
    """Store what ended in the ten seconds before the last full ten seconds; return how many records that were."""
    end_s = int(now.timestamp()) // TICK_S * TICK_S
    records: list[Record] = []
    said: list[Said] = []
    for sent in ended_between(calendar, end_s - TICK_S, end_s):
        records += records_of(sent, calendar)
        said += sent.said
    if records:
        store(project_id=project_id, signal="demo", now=now, records=records)
    send_said(project_id, said, now=now)
    return len(records)


def ended_between(calendar: Calendar, since_s: int, until_s: int) -> Iterator[Sent]:
    """Yield the turns that ended in a time after the loaded demo."""
    first_s = max(int(calendar.until.timestamp()), since_s - LONGEST_S)
    for place in range(-(-first_s // SESSION_EVERY_S), until_s // SESSION_EVERY_S + 1):
        rng = Random(f"{SEED} live {place}")
        (app,) = rng.choices(APPS, [one.sessions_a_day for one in APPS])
        starts_at = datetime.fromtimestamp((place + rng.random()) * SESSION_EVERY_S, tz=UTC)
        for turn in session_of(app.name, calendar, starts_at, turns=app.turns, rng=rng):
            sent = app.send(turn)
            if since_s * 1000 <= last_moment_ms(sent) < until_s * 1000:
                yield sent
