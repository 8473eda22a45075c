"""Bodies are read whole, with a cap, before a thread is taken."""

import asyncio
import json

import pytest

from observatory.core.serving import body, refusal
from observatory.core.serving.budget import Place
from tests.core.serving.asgi_client import Client, application, echo

KEY = ("Authorization", "Bearer k")
KEY_BYTES = (b"authorization", b"Bearer k")


@pytest.fixture(autouse=True)
def short_waits(monkeypatch):
    monkeypatch.setattr(body, "BODY_TIMEOUT_S", 0.05)
    monkeypatch.setattr(refusal, "LINGER_S", 0.05)


def ask(**request):
    return asyncio.run(Client(application(echo, max_body_bytes=10)).request(**request))


@pytest.mark.parametrize(
    "request_parts",
    [
        {"headers": [("Content-Length", "11")]},
        {"chunks": [b"123456", b"789012", b"345"]},
        {"chunks": [b"12345678901"]},
    ],
    ids=["declared", "chunked", "at once"],
)
def test_a_larger_body_is_413_in_the_error_shape(request_parts):
    answer = ask(**request_parts)
    assert (answer.status, json.loads(answer.body)["error"]["code"]) == (413, "too_large")
    assert answer.headers["connection"] == "close"


def test_the_largest_body_is_taken():
    assert ask(chunks=[b"12345", b"67890"]).body == b"1234567890"


def test_a_client_that_leaves_gets_no_answer_and_holds_nothing():
    app = application(echo)
    assert asyncio.run(Client(app).request(chunks=[b"half"], leaves=True)) is None
    assert app.bodies.without_key.held == 0


def test_a_body_that_does_not_come_is_408():
    async def stalled():
        received = [{"type": "http.request", "body": b"1", "more_body": True}]
        sent = []

        async def receive():
            return received.pop() if received else await asyncio.Future()

        async def send(message):
            sent.append(message)

        await application(echo)({"type": "http", "method": "POST", "path": "/", "headers": []}, receive, send)
        return sent[0]["status"]

    assert asyncio.run(stalled()) == 408


def test_a_body_that_trickles_is_408(monkeypatch):
    monkeypatch.setattr(body, "BODY_TIMEOUT_S", 60)
    monkeypatch.setattr(body, "WINDOW_S", 0.05)

    async def trickle():
        sent = []

        async def receive():
            await asyncio.sleep(0.001)
            return {"type": "http.request", "body": b"1", "more_body": True}

        async def send(message):
            sent.append(message)

        app = application(echo, max_body_bytes=10**6)
        await app({"type": "http", "method": "POST", "path": "/", "headers": [KEY_BYTES]}, receive, send)
        return sent[0]["status"], app.bodies.with_key.held

    assert asyncio.run(trickle()) == (408, 0)


def test_a_body_that_comes_fast_enough_is_waited_for(monkeypatch):
    monkeypatch.setattr(body, "BODY_TIMEOUT_S", 60)
    monkeypatch.setattr(body, "WINDOW_S", 0.1)
    parts = [bytes(body.WINDOW_BYTES)] * 20

    async def steady():
        left, sent = list(parts), []

        async def receive():
            await asyncio.sleep(0.01)
            return {"type": "http.request", "body": left.pop(), "more_body": bool(left)}

        async def send(message):
            sent.append(message)

        app = application(echo, max_body_bytes=10**6)
        await app({"type": "http", "method": "POST", "path": "/", "headers": [KEY_BYTES]}, receive, send)
        return sent[0]["status"]

    assert asyncio.run(steady()) == 200


@pytest.mark.parametrize("address", ["192.0.2.7", "192.0.2.8"])
def test_more_than_the_budget_of_all_bodies_is_503(address):
    app = application(echo, max_body_bytes=10)
    budget = app.bodies.with_key
    with Place(budget, "192.0.2.8") as place:
        place.take(budget.total)
        answer = asyncio.run(Client(app).request(chunks=[b"1"], headers=[KEY], client=(address, 1)))
        assert (answer.status, answer.headers["retry-after"]) == (503, "1")
        assert budget.held == budget.total
    assert (budget.held, budget.by_address) == (0, {})


def test_one_address_gets_half_of_the_budget():
    app = application(echo, max_body_bytes=10)
    with Place(app.bodies.with_key, "192.0.2.7") as place:
        place.take(app.bodies.with_key.total // 2)
        for address, status in (("192.0.2.7", 503), ("192.0.2.8", 200)):
            answer = asyncio.run(Client(app).request(chunks=[b"1"], headers=[KEY], client=(address, 1)))
            assert answer.status == status


@pytest.mark.parametrize("header", [KEY, ("X-API-Key", "k"), ("Cookie", "a=b; sessionid=s")])
def test_a_large_body_needs_a_key(header):
    app, large = application(echo, max_body_bytes=10**6), bytes(body.WITHOUT_KEY_BYTES + 1)
    for sent in ({"chunks": [large]}, {"headers": [("Content-Length", str(len(large)))]}):
        answer = asyncio.run(Client(app).request(**sent))
        assert (answer.status, json.loads(answer.body)["error"]["code"]) == (401, "not_authenticated")
    assert asyncio.run(Client(app).request(chunks=[large], headers=[header])).body == large
    assert asyncio.run(Client(app).request(chunks=[large[1:]])).body == large[1:]


def test_unfinished_bodies_without_a_key_leave_room_for_those_with_one():
    async def flood():
        app = application(echo, max_body_bytes=1000)
        half = {"type": "http.request", "body": bytes(999), "more_body": True}
        scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
        for _ in range(100):
            incoming = asyncio.Queue()
            incoming.put_nowait(half)
            task = asyncio.create_task(app(scope, incoming.get, asyncio.Queue().put))
            tasks.add(task)
        await asyncio.sleep(0)
        answer = await Client(app).request(chunks=[bytes(1000)], headers=[KEY])
        for task in tasks:
            task.cancel()
        return answer.status

    tasks = set()
    assert asyncio.run(flood()) == 200


def test_a_length_that_is_no_number_is_ignored():
    assert ask(headers=[("Content-Length", "many")], chunks=[b"1"]).body == b"1"
