"""Looking for work again and again."""

import threading
import time

import pytest
from django.db import OperationalError, connection

from observatory.core import following
from observatory.core.following import follow


@pytest.mark.one_store
@pytest.mark.django_db(transaction=True)
def test_a_look_leaves_no_page_cache_behind():
    statements = []
    connection.ensure_connection()
    connection.connection.set_trace_callback(statements.append)
    stopped = threading.Event()
    follow(stopped.set, name="look", every_s=0.0, stopped=stopped)
    connection.connection.set_trace_callback(None)
    assert statements == ["PRAGMA shrink_memory"]


def test_who_asks_knows_what_is_followed():
    stopped, seen = threading.Event(), []

    def look():
        seen.append("look" in following.followed)
        stopped.set()

    follow_apart(look, every_s=0.0, stopped=stopped)
    assert seen == [True]
    assert "look" not in following.followed


class Clock:
    """Time that passes by work and waiting only; also an Event that is set after half a minute."""

    def __init__(self, monkeypatch):
        self.now = 0.0
        monkeypatch.setattr(following.time, "monotonic", lambda: self.now)

    def wait(self, seconds):
        self.now += seconds
        return self.now > 30


@pytest.fixture
def looks_of(monkeypatch):
    """`looks_of(rest)`: when looks of three seconds begin that rest `rest(now)` times as long."""

    def begun(rest):
        clock, begun = Clock(monkeypatch), []

        def look():
            begun.append(clock.now)
            clock.now += 3

        follow_apart(look, every_s=2.0, stopped=clock, rest=lambda: rest(clock.now))
        return begun

    return begun


def follow_apart(look, **options):
    """In a thread of its own, which has no connection that an earlier test left open."""
    thread = threading.Thread(target=follow, args=[look], kwargs={"name": "look", **options})
    thread.start()
    thread.join()


@pytest.mark.parametrize(
    ("busy_until", "looks"), [(30, [0, 15, 30]), (6, [0, 6.5, 12.5, 18.5, 24.5]), (0, [0, 6, 12, 18, 24, 30])]
)
def test_a_rest_ends_when_what_goes_first_has_ended(looks_of, busy_until, looks):
    assert looks_of(lambda now: 4.0 if now < busy_until else 1.0) == looks


def test_what_goes_first_may_draw_breath(looks_of):
    assert looks_of(lambda now: 1.0 if now % 2.5 == 0 else 4.0) == [0, 15, 30]


def test_a_rest_ends_when_the_database_is_away(looks_of):
    def rest(now):
        if 5 < now < 7:
            raise OperationalError
        return 4.0

    assert looks_of(rest) == [0, 5.5, 20.5]


def test_a_stop_ends_a_rest():
    stopped, looks = threading.Event(), []
    threading.Timer(0.2, stopped.set).start()
    started = time.monotonic()
    follow_apart(lambda: looks.append(1), every_s=0.0, stopped=stopped, rest=lambda: 1e9)
    assert (looks, time.monotonic() - started < 30) == ([1], True)
