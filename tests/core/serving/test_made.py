"""A file that is made while it is read: whole, in pieces, no faster than it is taken, and without a thread meanwhile."""

import asyncio

import pytest
from django.http import FileResponse, HttpResponse

from observatory.core.serving.made import MadeFile
from observatory.core.serving.outgoing import PIECE_BYTES
from tests.core.serving.asgi_client import Client, application
from tests.core.serving.test_slow_readers import SCOPE, Connection

PARTS = 100


def parts(made, *, size=PIECE_BYTES):
    for number in range(PARTS):
        made.append(number)
        yield b"" if number == 1 else b"%d" % (number % 10) * size


@pytest.mark.parametrize("size", [1, 5000, PIECE_BYTES, PIECE_BYTES + 1])
def test_it_comes_whole(size):
    answer = asyncio.run(
        Client(application(lambda environ: FileResponse(MadeFile(parts([], size=size))))).request(method="GET")
    )
    assert answer.body == b"".join(parts([], size=size))
    assert max(len(message["body"]) for message in answer.messages[1:]) <= PIECE_BYTES


def test_who_stops_reading_stops_the_making_and_leaves_the_thread_to_others():
    made = []

    def view(environ):
        return HttpResponse() if environ["PATH_INFO"] == "/other" else FileResponse(MadeFile(parts(made)))

    async def crowd():
        app = application(view, threads=1)
        stopped = [Connection(reads=2) for _ in range(3)]
        tasks = [asyncio.create_task(app(SCOPE, one.receive, one.send)) for one in stopped]
        for one in stopped:
            await asyncio.wait_for(one.stuck.wait(), 5)
        answer = await asyncio.wait_for(Client(app).request("/other"), 5)
        for task in tasks:
            task.cancel()
        return answer.status

    assert asyncio.run(crowd()) == 200
    assert max(made) < 5


def test_nothing_is_made_for_a_client_that_has_left():
    made, gone = [], asyncio.Event()

    async def leave():
        app = application(lambda environ: FileResponse(MadeFile(parts(made))))
        incoming = [{"type": "http.request", "body": b"", "more_body": False}]

        async def receive():
            if not incoming:
                await gone.wait()
                return {"type": "http.disconnect"}
            return incoming.pop()

        async def send(message):
            if len(made) > 2:
                gone.set()
                await asyncio.sleep(0)

        await asyncio.wait_for(app(SCOPE, receive, send), 5)

    asyncio.run(leave())
    assert len(made) < 10
