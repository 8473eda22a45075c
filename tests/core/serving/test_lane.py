"""A lane answers together what waits together, and leaves the rest to the views."""

import asyncio
import threading

import pytest
from django.http import HttpResponse

from observatory.core.serving import lane as lane_module
from observatory.core.serving.lane import Lane
from observatory.core.serving.threads import ThreadedWSGI
from tests.core.serving.asgi_client import Client

PATH = "/often"


def view(environ, start_response):
    """Says that it was the view, with headers as middlewares give them: one who sent a cookie may be told to drop it."""
    response = HttpResponse(b"view " + environ["wsgi.input"].read(), status=201, headers={"X-Frame-Options": "DENY"})
    if "HTTP_COOKIE" in environ:
        response["Set-Cookie"] = "sessionid=; Max-Age=0"
    start_response("201 Created", list(response.items()))
    return response


class Counting:
    """Answers with the body and the number of those that were answered together; leaves b"left" to the view."""

    def __init__(self):
        self.moments, self.names = [], set()
        self.hold, self.is_holding = threading.Event(), threading.Event()

    def __call__(self, environs):
        self.names.add(threading.current_thread().name)
        self.is_holding.set()
        self.hold.wait(10)
        bodies = [environ["wsgi.input"].getvalue() for environ in environs]
        self.moments.append(bodies)
        if b"fault" in bodies:
            raise RuntimeError("a fault of the lane")
        if b"too few" in bodies:
            return []
        return [None if body == b"left" else (409 if body == b"twice" else 201, b"lane " + body) for body in bodies]


@pytest.fixture
def counting():
    return Counting()


def run(counting, bodies, *, path=PATH, method="POST"):
    """Teach the lane the headers, then send the first body, and the others while that one is being answered."""

    headers = [("x-api-key", "some")]

    async def talk():
        client = Client(ThreadedWSGI(view, threads=2, max_body_bytes=10**6, lane=Lane([PATH], counting)))
        taught = await client.request(path, method=method, headers=headers, chunks=[b"teach"])
        asked = [asyncio.create_task(client.request(path, method=method, headers=headers, chunks=[bodies[0]]))]
        while not counting.is_holding.is_set() and not asked[0].done():
            await asyncio.sleep(0)
        asked += [
            asyncio.create_task(client.request(path, method=method, headers=headers, chunks=[body])) for body in bodies[1:]
        ]
        for _ in range(20):
            await asyncio.sleep(0)
        counting.hold.set()
        return taught, await asyncio.gather(*asked)

    return asyncio.run(talk())


def test_those_that_wait_are_answered_together_by_one_thread(counting):
    _, answers = run(counting, [b"a", b"b", b"c", b"d"])
    assert [answer.body for answer in answers] == [b"lane a", b"lane b", b"lane c", b"lane d"]
    assert counting.moments == [[b"a"], [b"b", b"c", b"d"]]
    assert counting.names == {"lane_0"}


def test_more_than_a_lane_takes_at_once_wait_for_the_next_moment(counting, monkeypatch):
    monkeypatch.setattr(lane_module, "MOST_TOGETHER", 2)
    run(counting, [b"a", b"b", b"c", b"d"])
    assert counting.moments == [[b"a"], [b"b", b"c"], [b"d"]]


def test_its_answers_have_the_headers_of_the_views(counting):
    taught, (good, conflict) = run(counting, [b"good", b"twice"])
    assert taught.body == b"view teach"
    assert (good.status, conflict.status) == (201, 409)
    for answer in (good, conflict):
        assert answer.headers == {**taught.headers, "content-length": str(len(answer.body))}


def test_what_one_client_is_told_of_its_cookies_is_told_to_no_other(counting):
    async def talk():
        client = Client(ThreadedWSGI(view, threads=1, max_body_bytes=1000, lane=Lane([PATH], counting)))
        counting.hold.set()
        asked = [[("cookie", "sessionid=x")], [("cookie", "sessionid=x")], [], []]
        return [await client.request(PATH, headers=headers, chunks=[b"a"]) for headers in asked]

    answers = asyncio.run(talk())
    assert [answer.body for answer in answers] == [b"view a", b"view a", b"view a", b"lane a"]
    assert [sorted({"set-cookie"} & answer.headers.keys()) for answer in answers] == [["set-cookie"], ["set-cookie"], [], []]


def test_what_it_leaves_goes_to_the_view_with_its_whole_body(counting):
    _, answers = run(counting, [b"a", b"left", b"b"])
    assert [answer.body for answer in answers] == [b"lane a", b"view left", b"lane b"]


@pytest.mark.parametrize("body, told", [(b"fault", "a fault of the lane"), (b"too few", "0 answers to 1 requests")])
def test_after_a_fault_the_views_answer_and_the_lane_goes_on(counting, caplog, body, told):
    _, answers = run(counting, [body, b"a"])
    assert [answer.body for answer in answers] == [b"view " + body, b"lane a"]
    assert told in caplog.text


def test_clients_that_come_back_are_waited_for(counting, monkeypatch):
    monkeypatch.setattr(lane_module, "GATHER_S", 10)
    counting.hold.set()

    async def client_of(application, number, start):
        client = Client(application)
        await start.wait()
        for _ in range(5):
            for _ in range(number):
                await asyncio.sleep(0)
            await client.request(PATH, chunks=[str(number).encode()])

    async def talk():
        application, start = ThreadedWSGI(view, threads=1, max_body_bytes=1000, lane=Lane([PATH], counting)), asyncio.Event()
        await Client(application).request(PATH)
        clients = [asyncio.create_task(client_of(application, number, start)) for number in range(4)]
        application.lane.expected = 4
        start.set()
        await asyncio.gather(*clients)

    asyncio.run(talk())
    assert [sorted(bodies) for bodies in counting.moments] == [[b"0", b"1", b"2", b"3"]] * 5


def test_those_that_do_not_come_back_are_not_waited_for_again(counting, monkeypatch):
    monkeypatch.setattr(lane_module, "GATHER_S", 0.001)
    counting.hold.set()

    async def talk():
        application = ThreadedWSGI(view, threads=1, max_body_bytes=1000, lane=Lane([PATH], counting))
        application.lane.expected = 8
        client = Client(application)
        await client.request(PATH)
        await client.request(PATH)
        monkeypatch.setattr(lane_module, "GATHER_S", 3600)
        return await client.request(PATH, chunks=[b"last"])

    assert asyncio.run(talk()).body == b"lane last"


@pytest.mark.parametrize(
    ("body", "wish"),
    [(b"x", {"path": "/seldom"}), (b"x", {"method": "PUT"}), (b"x" * (lane_module.MOST_BODY_BYTES + 1), {})],
)
def test_other_paths_and_methods_and_large_bodies_are_not_its_own(counting, body, wish):
    _, (answer,) = run(counting, [body], **wish)
    assert answer.body == b"view " + body
    assert counting.moments == []


def test_those_that_wait_in_it_count_in_the_waiting_line(counting):
    async def crowd():
        application = ThreadedWSGI(view, threads=1, max_body_bytes=1000, lane=Lane([PATH], counting))
        client = Client(application)
        await client.request(PATH, chunks=[b"teach"])
        waiting = [asyncio.create_task(client.request(PATH)) for _ in range(application.most_waiting)]
        while application.waiting < application.most_waiting:
            await asyncio.sleep(0)
        one_more = await client.request(PATH)
        counting.hold.set()
        return one_more, await asyncio.gather(*waiting)

    one_more, answered = asyncio.run(crowd())
    assert one_more.status == 503
    assert {answer.status for answer in answered} == {201}
