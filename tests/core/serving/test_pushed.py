"""Pushed answers hold no thread, and end with their client, with the process, or by themselves."""

import asyncio
import json

import pytest
from django.http import HttpResponse

from observatory.core.serving import outgoing
from observatory.core.serving.body import BodyRefused
from observatory.core.serving.pushed import PushedResponse
from tests.core.serving.asgi_client import answer_of, application

SCOPE = {"type": "http", "method": "GET", "path": "/", "headers": []}


class Visit:
    """One client of a pushed answer: what it was sent, and how it leaves."""

    def __init__(self, app):
        self.incoming, self.sent, self.news = asyncio.Queue(), [], asyncio.Event()
        self.incoming.put_nowait({"type": "http.request", "body": b"", "more_body": False})
        self.task = asyncio.create_task(app(SCOPE, self.incoming.get, self.send))

    async def send(self, message):
        self.sent.append(message)
        self.news.set()

    async def until(self, number):
        while len(self.sent) < number:
            self.news.clear()
            await asyncio.wait_for(self.news.wait(), 5)

    def leave(self):
        self.incoming.put_nowait({"type": "http.disconnect"})


class Source:
    """Pieces without end; tells when it was closed."""

    def __init__(self):
        self.is_closed = False

    async def pieces(self, pool):
        try:
            number = 0
            while True:
                yield b"%d" % number
                number += 1
                await asyncio.sleep(0)
        finally:
            self.is_closed = True


async def silent(pool):
    yield b"one"
    await asyncio.Future()


def view_of(pieces):
    return lambda environ: PushedResponse(pieces, otherwise=b"not here")


def test_it_ends_when_its_client_has_left():
    async def visit():
        source = Source()
        found = Visit(application(view_of(source.pieces)))
        await found.until(5)
        found.leave()
        await asyncio.wait_for(found.task, 5)
        return source.is_closed, answer_of(found.sent)

    is_closed, answer = asyncio.run(visit())
    assert is_closed
    assert answer.body.startswith(b"0123")
    assert answer.headers["content-type"] == "text/event-stream"
    assert (answer.headers["x-accel-buffering"], answer.headers["cache-control"]) == ("no", "no-store, no-transform")
    assert "content-length" not in answer.headers


def test_it_ends_when_the_process_is_asked_to_end():
    async def visit():
        app = application(view_of(silent))
        found = Visit(app)
        await found.until(2)
        app.stopping.set()
        await asyncio.wait_for(found.task, 5)
        return found.sent[-1]

    assert asyncio.run(visit()) == {"type": "http.response.body", "body": b""}


def test_it_ends_by_itself():
    async def short(pool):
        yield b"one"
        yield b"two"

    async def visit():
        found = Visit(application(view_of(short)))
        await asyncio.wait_for(found.task, 5)
        return answer_of(found.sent)

    assert asyncio.run(visit()).body == b"onetwo"


def test_what_it_raises_is_raised_and_closes_it():
    async def broken(pool):
        yield b"one"
        raise ValueError("broken")

    async def visit():
        await asyncio.wait_for(Visit(application(view_of(broken))).task, 5)

    with pytest.raises(ValueError, match="broken"):
        asyncio.run(visit())


def test_a_refusal_before_the_first_piece_is_the_answer():
    async def full(pool):
        raise BodyRefused(503, "overloaded", "Full.", more_comes=False, retry_after_s=7)
        yield b""

    async def visit():
        found = Visit(application(view_of(full)))
        await asyncio.wait_for(found.task, 5)
        return answer_of(found.sent)

    answer = asyncio.run(visit())
    assert (answer.status, answer.headers["retry-after"]) == (503, "7")
    assert json.loads(answer.body) == {"error": {"code": "overloaded", "reason": "Full."}}


def test_many_of_them_leave_every_thread_to_others():
    async def crowd():
        app = application(
            lambda environ: HttpResponse(b"other") if environ["PATH_INFO"] == "/other" else view_of(silent)(environ),
            threads=1,
        )
        visits = [Visit(app) for _ in range(50)]
        for visit in visits:
            await visit.until(2)
        waiting = app.waiting
        incoming, sent = asyncio.Queue(), []
        incoming.put_nowait({"type": "http.request", "body": b"", "more_body": False})

        async def send(message):
            sent.append(message)

        await asyncio.wait_for(app({**SCOPE, "path": "/other"}, incoming.get, send), 5)
        for visit in visits:
            visit.leave()
        await asyncio.wait_for(asyncio.gather(*(visit.task for visit in visits)), 5)
        return waiting, answer_of(sent).body

    assert asyncio.run(crowd()) == (0, b"other")


def test_a_client_that_does_not_read_is_cut_off(monkeypatch):
    monkeypatch.setattr(outgoing, "STALL_S", 0.05)

    async def visit():
        source, sent = Source(), []
        incoming = asyncio.Queue()
        incoming.put_nowait({"type": "http.request", "body": b"", "more_body": False})

        async def send(message):
            sent.append(message)
            if len(sent) > 3:
                await asyncio.Future()

        await asyncio.wait_for(application(view_of(source.pieces))(SCOPE, incoming.get, send), 5)
        return source.is_closed, len(sent)

    assert asyncio.run(visit()) == (True, 4)


def test_a_server_without_the_adapter_sends_what_is_said_otherwise():
    assert b"".join(view_of(silent)({})) == b"not here"
