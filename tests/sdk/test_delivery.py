"""Retries keep their ids, wait as they are asked to, and never trouble the caller."""

import logging
import os
import socket
import time

import pytest

from interactions.models import Interaction
from tests.sdk.scripted import HANG_UP

LIMIT_MS = 5  # R2


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_was_swallowed_gives_one_row(live_server, key, make_client, monkeypatch, without_pauses):
    from observatory_client.transport import NO_ANSWER, Reply, Transport

    client = make_client(live_server.url, key)
    answers, post = [], Transport.post

    def swallow_the_first(transport, path, body):
        answers.append(post(transport, path, body))
        return Reply(NO_ANSWER, reason="swallowed") if len(answers) == 1 else answers[-1]

    monkeypatch.setattr(Transport, "post", swallow_the_first)
    made = client.interaction("q", "a")
    assert client.flush(10)
    assert [answer.status for answer in answers] == [207, 207]
    assert [str(row.interaction_id) for row in Interaction.objects.all()] == [made]
    assert client.stats["sent"] == 1


@pytest.mark.parametrize("status", [HANG_UP, 408, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again_with_the_same_ids(scripted, make_client, without_pauses, status):
    scripted.answers = [(status, {}), (status, {})]
    client = make_client(scripted.url)
    made = client.interaction("q", "a")
    assert client.flush(10)
    assert {record["id"] for record in scripted.records} == {made}
    assert (len(scripted.requests), client.stats["sent"]) == (3, 1)


def test_pauses_grow_and_a_retry_after_is_honoured(scripted, make_client, without_pauses):
    scripted.answers = [(503, {}), (503, {}), (503, {}), (429, {"Retry-After": "7"})]
    client = make_client(scripted.url)
    client.event("chat.start")
    assert client.flush(10)
    first, second, third, asked = without_pauses
    assert 0.25 <= first <= 0.5 <= second <= 1.0 <= third <= 2.0
    assert asked == 7


@pytest.mark.parametrize("status", [401, 403, 404, 301])
def test_what_will_not_pass_is_given_up_aloud(scripted, make_client, caplog, status):
    scripted.answers = [(status, {})]
    client = make_client(scripted.url)
    client.event("chat.start")
    assert client.flush(10)
    assert (client.stats["lost"], len(scripted.requests)) == (1, 1)
    assert "Gave up 1 records" in caplog.text


def test_one_bad_record_does_not_cost_its_neighbours(scripted, make_client):
    scripted.hold()
    client = make_client(scripted.url)
    client.event("first")
    assert scripted.arrived.acquire(timeout=10)
    made = [client.event(f"event {number}") for number in range(4)]
    # The list of four, its halves, then the two of the first half.
    scripted.answers = [(207, {}), (400, {}), (400, {}), (400, {}), (207, {}), (207, {})]
    scripted.let_go()
    assert client.flush(10)
    assert [[record["id"] for record in body] for _, body in scripted.requests[1:]] == [
        made, made[:2], made[:1], made[1:2], made[2:],
    ]  # fmt: skip
    assert (client.stats["lost"], client.stats["sent"]) == (1, 4)


@pytest.mark.django_db(transaction=True)
def test_a_record_that_the_server_refuses_is_counted_and_said(client, caplog):
    client.interaction("good", "a")
    client.interaction("bad", "a", confidence=7)
    assert client.flush(10)
    assert (client.stats["sent"], client.stats["refused"]) == (1, 1)
    assert "'field': 'confidence'" in caplog.text


def test_a_server_that_is_down_neither_breaks_nor_slows_the_caller(make_client):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
    client = make_client(address)
    took = []
    for number in range(300):
        begun = time.perf_counter()
        client.interaction(f"question {number}", "answer", passages=[{"text": "passage " * 50}] * 5)
        took.append((time.perf_counter() - begun) * 1000)
    assert sorted(took)[len(took) // 2] < LIMIT_MS
    assert client.stats["waiting"] == 300
    assert not client.flush(0.01)


def test_a_server_that_never_answers_does_not_hold_the_end_up(scripted, make_client, caplog):
    scripted.hold()
    client = make_client(scripted.url)
    client.event("chat.start")
    assert scripted.arrived.acquire(timeout=10)
    begun = time.monotonic()
    client.close(timeout_s=0.2)
    assert time.monotonic() - begun < 5
    assert "1 records could not be sent before the end" in caplog.text


def test_trouble_is_said_once_a_minute(make_client, caplog, scripted, without_pauses):
    scripted.answers = [(503, {})] * 50
    client = make_client(scripted.url)
    client.event("chat.start")
    assert client.flush(10)
    assert len([record for record in caplog.records if record.name == "observatory_client"]) == 1


def test_without_an_endpoint_nothing_happens_but_one_warning(make_client, caplog, monkeypatch):
    monkeypatch.delenv("OBSERVATORY_ENDPOINT", raising=False)
    client = make_client("", "")
    assert len(client.interaction("q", "a")) == 36
    with client.trace("request") as stage, client.stage("llm_call"):
        stage.tokens(1, 2)
    assert client.flush(1)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_what_sending_itself_records_is_not_sent(scripted, make_client, monkeypatch):
    from observatory_client.transport import Transport

    client, post = make_client(scripted.url), Transport.post

    def instrumented(transport, path, body):
        client.event("http.client.request")
        return post(transport, path, body)

    monkeypatch.setattr(Transport, "post", instrumented)
    client.event("chat.start")
    assert client.flush(10)
    assert [record["type"] for record in scripted.records] == ["chat.start"]


def test_settings_come_from_the_environment(scripted, make_client, monkeypatch):
    monkeypatch.setitem(os.environ, "OBSERVATORY_ENDPOINT", scripted.url + "/")
    monkeypatch.setitem(os.environ, "OBSERVATORY_KEY", "obs_from_environment")
    client = make_client(None, None)
    client.event("chat.start")
    assert client.flush(10)
    assert scripted.requests[0][0] == "/api/v1/events"
