"""Looking for work again and again."""

import threading

import pytest
from django.db import connection

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

    thread = threading.Thread(
        target=following.follow, args=[look], kwargs={"name": "look", "every_s": 0.0, "stopped": stopped}
    )
    thread.start()
    thread.join()
    assert seen == [True]
    assert "look" not in following.followed


class Clock:
    """Time that passes by work and waiting only; also an Event that is never set."""

    def __init__(self, monkeypatch):
        self.now, self.waits = 0.0, []
        monkeypatch.setattr(following.time, "monotonic", lambda: self.now)

    def wait(self, seconds):
        self.now += seconds
        self.waits.append(seconds)
        return self.now > 30


@pytest.mark.parametrize(
    ("busy_until", "looks"), [(30, [0, 15, 30]), (6, [0, 6, 12, 18, 24, 30]), (0, [0, 6, 12, 18, 24, 30])]
)
def test_a_rest_ends_when_what_goes_first_has_ended(monkeypatch, busy_until, looks):
    clock, began = Clock(monkeypatch), []

    def look():
        began.append(clock.now)
        clock.now += 3

    follow(look, name="look", every_s=2.0, stopped=clock, rest=lambda: 4.0 if clock.now < busy_until else 1.0)
    assert began == looks
