"""A session as a chat: what is said of each turn, events between them, pages, and the number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interactions.ingest.native.event import parse_event
from interactions.ingest.store import store

SESSION = "/admin/interactions/interaction/session/"


@pytest.fixture
def tell(shop):
    """`tell(seconds_ago, type, **data)` stores an event of the session "s"."""

    def tell(seconds_ago, kind, **data):
        now = timezone.now()
        at = (now - timedelta(seconds=seconds_ago)).isoformat()
        event = parse_event({"type": kind, "occurred_at": at, "data": {"sessionId": "s", **data}}, now=now)
        store(project_id=shop.id, signal="events", now=now, records=[event])

    return tell


@pytest.fixture
def chat(shop, send, moment):
    """Three turns of the session "s": good, asked again without confidence, failed."""
    base = {"session_id": "s", "user_id": "u-1", "model": "m"}
    send(
        shop,
        "interactions",
        {**base, "query": "How do I reset my password?", "answer": "Click.", "asked_at": moment(4000), "confidence": 0.9},
        {**base, "query": "How to reset the password?", "answer": "?", "asked_at": moment(3900), "confidence": 0.4},
        {**base, "query": "Hello?", "asked_at": moment(3800), "status": "error", "latency_ms": 9_000},
    )


def page(client, **query):
    answer = client.get(SESSION, {"project": "shop", "id": "s", **query})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_first_bad_turn_is_named_and_marked_once(admin_client, chat):
    text = page(admin_client)
    assert "Turn 2 is the first that went wrong: confidence 0.40" in text
    assert text.count("first bad turn</span>") == 1
    assert 'href="?project=shop&amp;id=s&amp;page=1#turn-2"' in text


def test_a_question_that_is_asked_again_and_a_session_that_was_given_up_are_told(admin_client, chat):
    text = page(admin_client)
    assert text.count("asks again</span>") == 1
    assert "Perhaps given up" in text
    assert "failed, took 9.00 s" in text


def test_events_stand_between_the_turns_and_feedback_with_its_turn(admin_client, chat, tell):
    tell(3950, "user_interaction", component="menu", action="open")
    tell(3890, "user_feedback", rating=1, feedbackText="<b>useless</b>")
    tell(3700, "performance", pageLoadTime=10)
    text = page(admin_client)
    places = [
        text.index(part) for part in ("Click.", "menu · open", "reset the password", "useless", "Hello?", "performance")
    ]
    assert places == sorted(places)
    assert "&lt;b&gt;useless" in text
    assert "1 of 5" in text
    assert "rated badly, confidence 0.40" in text


def test_events_of_other_sessions_and_projects_stay_out(admin_client, chat, tell, bank):
    tell(3950, "user_interaction", sessionId="other", action="elsewhere")
    now = timezone.now()
    event = parse_event({"type": "foreign", "data": {"sessionId": "s"}}, now=now)
    store(project_id=bank.id, signal="events", now=now, records=[event])
    text = page(admin_client)
    assert "elsewhere" not in text
    assert "foreign" not in text


def test_a_long_session_comes_in_pages_with_totals_of_all(admin_client, shop, send, moment):
    turns = (
        {"query": f"question {n}!", "answer": "a", "session_id": "s", "asked_at": moment(9_000 - n)} for n in range(120)
    )
    send(shop, "interactions", *turns)
    for number, seen, unseen in ((1, "question 0!", "question 50!"), (3, "question 119!", "question 99!")):
        text = page(admin_client, page=number)
        assert seen in text
        assert unseen not in text
        assert "<dt>Turns</dt><dd>120</dd>" in text
    assert "Turns 101 to 120 of 120" in page(admin_client, page=3)
    assert "Turns 101 to 120 of 120" in page(admin_client, page=99)
    assert "Turns 1 to 50 of 120" in page(admin_client, page="x")


def test_the_page_asks_as_often_with_three_turns_as_with_300(admin_client, shop, send, tell, moment):
    counts = []
    for number in (3, 300):
        items = ({"query": f"q {n}", "answer": "a", "session_id": "s", "asked_at": moment(n)} for n in range(number))
        send(shop, "interactions", *items)
        tell(1, "user_feedback", rating=5)
        with CaptureQueriesContext(connection) as queries:
            page(admin_client)
        counts.append(len(queries))
    assert counts[0] == counts[1]
