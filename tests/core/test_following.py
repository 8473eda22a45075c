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
