"""A client that does not read its answer costs no thread, and is cut off in the end."""

import asyncio
import io
import threading

import pytest
from django.http import FileResponse, HttpResponse, StreamingHttpResponse

from observatory.core.serving import outgoing
from observatory.core.serving.outgoing import PIECE_BYTES
from tests.core.serving.asgi_client import Client, application

SCOPE = {"type": "http", "method": "GET", "path": "/", "headers": []}
CONTENT = bytes(range(256)) * 1024  # four pieces


class Connection:
    """Takes some messages, then does not read any more. Stands for uvicorn's cycle, whose `send` belongs to it."""

    def __init__(self, reads):
        self.reads, self.transport, self.is_cut = reads, self, False
        self.is_received, self.stuck = False, asyncio.Event()

    def abort(self):
        self.is_cut = True

    async def receive(self):
        if self.is_received:
            await asyncio.Future()
        self.is_received = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(self, message):
        if not self.reads:
            self.stuck.set()
            await asyncio.Future()
        self.reads -= 1


def file_response(closed=None):
    response = FileResponse(io.BytesIO(CONTENT))
    if closed is not None:
        close = response.close
        response.close = lambda: (close(), closed.set())
    return response


def test_a_file_comes_whole_and_in_pieces():
    closed = threading.Event()
    answer = asyncio.run(Client(application(lambda environ: file_response(closed))).request(method="GET"))
    assert answer.body == CONTENT
    assert {len(message["body"]) for message in answer.messages[1:]} == {PIECE_BYTES, 0}
    assert closed.wait(5)


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES])
def test_an_answer_in_memory_comes_whole_and_in_pieces(size):
    answer = asyncio.run(Client(application(lambda environ: HttpResponse(CONTENT[:size]))).request(method="GET"))
    assert (answer.body, answer.headers["content-length"]) == (CONTENT[:size], str(size))
    assert [message["more_body"] for message in answer.messages[1:]][-1] is False
    assert max(len(message["body"]) for message in answer.messages[1:]) <= PIECE_BYTES


@pytest.mark.parametrize("view", [lambda environ: file_response(), lambda environ: HttpResponse(CONTENT)])
def test_readers_that_stop_reading_leave_threads_and_places_to_others(view):
    async def crowd():
        app = application(lambda environ: HttpResponse() if environ["PATH_INFO"] == "/other" else view(environ), threads=2)
        stopped = [Connection(reads=2) for _ in range(8)]
        tasks = [asyncio.create_task(app(SCOPE, one.receive, one.send)) for one in stopped]
        for one in stopped:
            await asyncio.wait_for(one.stuck.wait(), 5)
        answer = await asyncio.wait_for(Client(app).request("/other"), 5)
        for task in tasks:
            task.cancel()
        return answer.status, app.waiting

    assert asyncio.run(crowd()) == (200, 0)


@pytest.mark.parametrize(
    "view",
    [
        lambda environ: file_response(),
        lambda environ: HttpResponse(CONTENT),
        lambda environ: StreamingHttpResponse([b"a"] * 9),
    ],
    ids=["file", "in memory", "stream"],
)
@pytest.mark.parametrize("reads", [1, 2, 3])
def test_a_reader_that_has_stopped_is_cut_off(monkeypatch, view, reads):
    monkeypatch.setattr(outgoing, "STALL_S", 0.05)

    async def wait():
        app, stopped = application(view, threads=1), Connection(reads)
        await asyncio.wait_for(app(SCOPE, stopped.receive, stopped.send), 5)
        return stopped.is_cut, app.waiting, (await asyncio.wait_for(Client(app).request(chunks=[b""]), 5)).status

    assert asyncio.run(wait()) == (True, 0, 200)
