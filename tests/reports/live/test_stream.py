"""The stream over a real server: current, bounded, and over when its reader may look no more."""

import json
from contextlib import ExitStack, closing

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from observatory.projects.models import Membership, Project
from reports.live import stream, ticker
from tests.reports.live.listener import STREAM, Listener
from tests.trust.live import served

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def port(shop):
    with served(settings.OBSERVATORY["OBSERVATORY_MAX_BODY_BYTES"], threads=3) as found:
        yield found


@pytest.fixture
def key(viewer):
    client = Client()
    client.force_login(viewer)
    return client.session.session_key


def test_what_is_stored_arrives_within_two_seconds(port, key, ask):
    with closing(Listener(port, key)) as listener:
        assert (listener.status, listener.headers["Content-Type"]) == (200, "text/event-stream")
        assert listener.headers["X-Accel-Buffering"] == "no"
        assert "default-src 'none'" in listener.headers["Content-Security-Policy"]
        assert listener.first(5, lambda snapshot: snapshot["tiles"]["rate"]["value"] == "0") < 2
        ask(0.1)
        assert listener.first(5, lambda snapshot: snapshot["tiles"]["rate"]["value"] == "1") < 2


def test_events_have_ids_that_grow_and_a_time_to_come_back(port, key):
    with closing(Listener(port, key)) as listener:
        blocks = listener.blocks()
        assert next(blocks) == ["retry: 2000"]
        ids = [int(next(blocks)[0].removeprefix("id: ")) for _ in range(2)]
        assert ids[0] < ids[1]


def test_many_listen_and_the_threads_stay_free(port, key, monkeypatch):
    monkeypatch.setattr(ticker, "MOST_EACH", 30)
    with ExitStack() as stack:
        listeners = [stack.enter_context(closing(Listener(port, key))) for _ in range(30)]
        first = [next(listener.snapshots())["at"] for listener in listeners]
        assert len(set(first)) <= 3
        with closing(Listener(port, key, "/livez")) as other:
            assert other.status == 200


def test_beyond_the_most_the_answer_is_503(port, key, monkeypatch):
    monkeypatch.setattr(stream.TICKERS, "most", 1)
    with closing(Listener(port, key)) as listener:
        next(listener.snapshots())
        with closing(Listener(port, key)) as other:
            assert (other.status, other.headers["Retry-After"]) == (503, "10")
            assert json.loads(other.answer.read())["error"]["code"] == "overloaded"


def test_one_viewer_has_so_many_places_over_all_sessions(port, key, viewer, monkeypatch):
    monkeypatch.setattr(ticker, "MOST_EACH", 1)
    client = Client()
    client.force_login(viewer)
    with closing(Listener(port, key)) as listener:
        next(listener.snapshots())
        with closing(Listener(port, client.session.session_key)) as other:
            assert other.status == 503


@pytest.mark.parametrize("end", ["membership", "session"])
def test_it_ends_when_its_reader_may_look_no_more(port, key, monkeypatch, end):
    monkeypatch.setattr(stream, "CHECKED_EVERY_S", 0.5)
    with closing(Listener(port, key)) as listener:
        next(listener.snapshots())
        Membership.objects.all().delete() if end == "membership" else SessionStore(key).delete()
        assert list(listener.blocks())[-1] == ["event: over", "data: {}"]
        with closing(Listener(port, key)) as again:
            assert again.status == (404 if end == "membership" else 302)


def test_a_foreign_project_an_unknown_one_and_nobody(port, key):
    Project.objects.create(slug="bank", name="Bank")
    found = [(STREAM.replace("shop", slug), key) for slug in ("bank", "nothing")]
    answers = []
    for path, session in [*found, (STREAM, "")]:
        with closing(Listener(port, session, path)) as listener:
            answers.append((listener.status, listener.answer.read()))
    assert [status for status, _ in answers] == [404, 404, 302]
    assert answers[0] == answers[1]
