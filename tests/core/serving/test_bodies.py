"""Bodies are read whole, with a cap, before a thread is taken."""

import asyncio
import json

import pytest

from observatory.core.serving import body, refusal
from tests.core.serving.asgi_client import Client, application, echo


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
    assert app.bodies.held == 0


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


def test_more_than_the_budget_of_all_bodies_is_503():
    app = application(echo, max_body_bytes=10)
    app.bodies.held = app.bodies.budget
    answer = asyncio.run(Client(app).request(chunks=[b"1"]))
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert app.bodies.held == app.bodies.budget


def test_a_length_that_is_no_number_is_ignored():
    assert ask(headers=[("Content-Length", "many")], chunks=[b"1"]).body == b"1"
