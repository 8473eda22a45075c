"""Requests go through a fixed pool of threads."""

import asyncio
import threading

import pytest
from django.http import HttpResponse, StreamingHttpResponse

from observatory.core.serving.threads import LARGE_AT_ONCE, LARGE_BODY_BYTES
from tests.core.serving.asgi_client import Client, application, echo


def ask(view, **request):
    return asyncio.run(Client(application(view)).request(**request))


def test_a_view_gets_the_whole_chunked_body():
    assert ask(echo, chunks=[b"one ", b"two"]).body == b"one two"


def test_an_answer_has_its_length():
    assert ask(echo, chunks=[b"four"]).headers["content-length"] == "4"


def test_an_answer_without_content_has_no_length():
    assert "content-length" not in ask(lambda environ: HttpResponse(status=204)).headers


def test_a_view_runs_in_a_thread_of_the_pool():
    assert ask(lambda environ: HttpResponse(threading.current_thread().name)).body.startswith(b"web")


def test_a_streamed_answer_is_sent_chunk_by_chunk():
    answer = ask(lambda environ: StreamingHttpResponse([b"a", b"b"]))
    bodies = [(message.get("body"), message.get("more_body", False)) for message in answer.messages[1:]]
    assert bodies == [(b"a", True), (b"b", True), (b"", False)]


def test_a_stream_ends_when_its_reader_has_left():
    closed = threading.Event()

    def endless():
        try:
            while True:
                yield b"x"
        finally:
            closed.set()

    app = application(lambda environ: StreamingHttpResponse(endless()))
    asyncio.run(_read_one_and_leave(app))
    assert closed.is_set()


async def _read_one_and_leave(app):
    incoming = asyncio.Queue()
    incoming.put_nowait({"type": "http.request", "body": b"", "more_body": False})

    async def send(message):
        if message["type"] == "http.response.body":
            incoming.put_nowait({"type": "http.disconnect"})

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    await app(scope, incoming.get, send)


def test_beyond_the_waiting_line_the_answer_is_503_at_once():
    release = threading.Event()

    def slow(environ):
        release.wait(10)
        return HttpResponse()

    async def crowd():
        app = application(slow, threads=1)
        client = Client(app)
        waiting = [asyncio.create_task(client.request()) for _ in range(app.most_waiting)]
        while app.waiting < app.most_waiting:
            await asyncio.sleep(0)
        one_more = await client.request()
        release.set()
        return one_more, await asyncio.gather(*waiting)

    one_more, answers = asyncio.run(crowd())
    assert (one_more.status, one_more.headers["retry-after"]) == (503, "1")
    assert {answer.status for answer in answers} == {200}


def test_a_view_that_raises_leaves_no_place_taken():
    def broken(environ):
        raise ValueError("broken")

    app = application(broken)
    with pytest.raises(ValueError, match="broken"):
        asyncio.run(Client(app).request(chunks=[b"body"]))
    assert (app.waiting, app.bodies.without_key.held) == (0, 0)


def test_start_and_stop_are_acknowledged():
    app = application(echo)
    incoming = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent = []

    async def receive():
        return incoming.pop(0)

    async def send(message):
        sent.append(message["type"])

    asyncio.run(app({"type": "lifespan"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_large_bodies_take_two_threads_at_most_and_leave_the_others_to_small_ones():
    large, small = b"x" * (LARGE_BODY_BYTES + 1), b"small"
    lock, arrived, released, at_once = threading.Lock(), threading.Semaphore(0), threading.Event(), []

    def view(environ):
        if int(environ["CONTENT_LENGTH"]) == len(small):
            return HttpResponse(b"small")
        with lock:
            at_once.append(environ)
        arrived.release()
        assert released.wait(10)
        return HttpResponse(b"large")

    async def talk():
        client = Client(application(view, threads=4, max_body_bytes=2 * LARGE_BODY_BYTES))
        all_large = [asyncio.create_task(client.request(chunks=[large], headers=[("x-api-key", "some")])) for _ in range(4)]
        for _ in range(LARGE_AT_ONCE):
            assert await asyncio.to_thread(arrived.acquire, timeout=10)
        first = await client.request(chunks=[small])
        seen = len(at_once)
        released.set()
        return first.body, seen, [answer.body for answer in await asyncio.gather(*all_large)]

    assert asyncio.run(talk()) == (b"small", LARGE_AT_ONCE, [b"large"] * 4)
