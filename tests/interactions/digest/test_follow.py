"""The follower finds stale traces by looking, and outlives a database that is away."""

import threading

import pytest
from django.core.management import call_command
from django.db import InterfaceError, OperationalError

from interactions.digest import follow as module
from interactions.digest.follow import follow
from interactions.management.commands import digest as command
from interactions.models import Interaction, StaleTrace

# It closes broken connections, which cannot be done within the transaction of a test.
pytestmark = pytest.mark.django_db(transaction=True)


class Stop:
    """An Event that is set after so many looks, and remembers the pauses between them."""

    def __init__(self, looks):
        self.looks, self.pauses = looks, []

    def wait(self, pause):
        self.pauses.append(pause)
        return len(self.pauses) >= self.looks


@pytest.fixture
def away(monkeypatch):
    """`away(errors)`: the next looks raise these; after them the database answers."""
    digest = module.digest_until_empty

    def fail(errors):
        def digest_or_fail():
            if errors:
                raise errors.pop(0)
            return digest()

        monkeypatch.setattr(module, "digest_until_empty", digest_or_fail)

    return fail


def test_what_is_stale_is_digested_without_a_ring(send):
    send("/api/v1/spans", {"trace_id": "a", "name": "call", "kind": "llm"})
    follow(every_s=2, stopped=Stop(looks=1))
    assert (Interaction.objects.count(), StaleTrace.objects.count()) == (1, 0)


@pytest.mark.parametrize("looks", [1, 3])
def test_a_look_at_nothing_is_one_query_and_users_are_not_looked_for_each_time(looks, project, django_assert_num_queries):
    with django_assert_num_queries(looks + 1):
        follow(every_s=2, stopped=Stop(looks=looks))


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_it_asks_less_and_less_often_while_the_database_is_away(send, away, error, caplog):
    send("/api/v1/spans", {"trace_id": "a", "name": "call", "kind": "llm"})
    away([error("server closed the connection unexpectedly\n")] * 6)
    stop = Stop(looks=7)
    follow(every_s=2, stopped=stop)
    assert stop.pauses == [4, 8, 16, 30, 30, 30, 2]
    assert Interaction.objects.count() == 1
    assert [record.getMessage() for record in caplog.records if record.name == "observatory.core.following"] == [
        "The digest waits for the database: server closed the connection unexpectedly",
        "The database answers again; the digest goes on.",
    ]


def test_the_command_follows_through_it(send, away, monkeypatch):
    send("/api/v1/spans", {"trace_id": "a", "name": "call", "kind": "llm"})
    away([OperationalError("the database is starting up")])
    monkeypatch.setattr(threading, "Event", lambda: Stop(looks=2))
    call_command(command.Command(), "--follow")
    assert Interaction.objects.count() == 1
