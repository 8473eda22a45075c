"""The ticker: one look a second for all, only while somebody listens, and nothing piles up."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError

from observatory.core.serving.body import BodyRefused
from reports.live import stream, ticker
from reports.live.ticker import Tickers


class Looks:
    def __init__(self, *errors):
        self.count, self.errors = 0, list(errors)

    def __call__(self):
        self.count += 1
        if self.errors:
            raise self.errors.pop(0)
        return json.dumps({"number": self.count}).encode()


@pytest.fixture(autouse=True)
def fast(monkeypatch):
    monkeypatch.setattr(ticker, "EVERY_S", 0.01)


def run(work):
    async def within(pool):
        return await asyncio.wait_for(work(pool), 10)

    with ThreadPoolExecutor(2) as pool:
        return asyncio.run(within(pool))


def number_of(event):
    return json.loads(event.split(b"data: ")[1])["number"]


def test_all_who_listen_share_one_look():
    looks = Looks()

    async def work(pool):
        tickers = Tickers(most=10)
        async with tickers.listen(1, looks, pool) as one, tickers.listen(1, looks, pool) as other:
            first = await one.get(), await other.get()
            return first, len(tickers.tickers), looks.count

    (one, other), count, _ = run(work)
    assert one == other
    assert one.startswith(b"id: ")
    assert count == 1


def test_it_looks_only_while_somebody_listens():
    looks = Looks()

    async def work(pool):
        tickers = Tickers(most=10)
        async with tickers.listen(1, looks, pool) as one:
            await one.get()
            task = tickers.tickers[1].task
        await asyncio.gather(task, return_exceptions=True)
        return tickers.count, tickers.tickers, task.cancelled()

    assert run(work) == (0, {}, True)


def test_projects_have_their_own():
    async def work(pool):
        tickers = Tickers(most=10)
        async with tickers.listen(1, lambda: b"a", pool) as one, tickers.listen(2, lambda: b"b", pool) as other:
            return (await one.get())[-3:], (await other.get())[-3:]

    assert run(work) == (b"a\n\n", b"b\n\n")


def test_a_slow_client_gets_the_newest_and_holds_one():
    looks = Looks()

    async def work(pool):
        tickers = Tickers(most=10)
        async with tickers.listen(1, looks, pool) as slow, tickers.listen(1, looks, pool) as quick:
            for _ in range(5):
                last = await quick.get()
            return slow.qsize(), number_of(await slow.get()), number_of(last)

    held, slow, quick = run(work)
    assert held == 1
    assert slow >= quick >= 5


def test_more_than_the_most_are_refused_and_places_come_free():
    async def work(pool):
        tickers = Tickers(most=1)
        async with tickers.listen(1, Looks(), pool):
            with pytest.raises(BodyRefused) as refused:
                async with tickers.listen(2, Looks(), pool):
                    pass
        async with tickers.listen(2, Looks(), pool):
            return refused.value

    refused = run(work)
    assert (refused.status, refused.code, refused.retry_after_s) == (503, "overloaded", 10)


def test_one_viewer_may_not_take_all_places(monkeypatch):
    monkeypatch.setattr(ticker, "MOST_EACH", 1)

    async def work(pool):
        tickers = Tickers(most=10)
        async with tickers.listen(1, Looks(), pool, viewer="ann"), tickers.listen(1, Looks(), pool, viewer="ben"):
            with pytest.raises(BodyRefused) as refused:
                async with tickers.listen(2, Looks(), pool, viewer="ann"):
                    pass
        async with tickers.listen(2, Looks(), pool, viewer="ann"):
            held = dict(tickers.by_viewer)
        return refused.value.status, held, dict(tickers.by_viewer)

    assert run(work) == (503, {"ann": 1}, {})


def test_a_fault_is_told_and_it_goes_on(caplog):
    looks = Looks(ValueError("no"), ValueError("no"))

    async def work(pool):
        async with Tickers(most=1).listen(1, looks, pool) as one:
            first = await one.get()
            while b"number" not in (event := await one.get()):
                assert event.partition(b"\n")[2] == first.partition(b"\n")[2]
            return first

    assert b"cannot be read" in run(work)
    assert len(caplog.records) == 1


async def pieces_of(pool, number, *, may_look=lambda: True, look=lambda: b"{}"):
    found, pieces = [], stream.events(pool, project_id=1, viewer=1, look=look, may_look=may_look)
    async for piece in pieces:
        found.append(piece)
        if len(found) == number:
            break
    await pieces.aclose()
    return found


def test_a_stream_begins_with_when_to_come_back():
    found = run(lambda pool: pieces_of(pool, 2))
    assert found[0] == b"retry: 2000\n\n"
    assert found[1].startswith(b"id: ")
    assert stream.TICKERS.count == 0


def test_a_stream_without_news_says_that_it_lives(monkeypatch):
    monkeypatch.setattr(stream, "HEARTBEAT_S", 0.01)
    monkeypatch.setattr(ticker, "EVERY_S", 60)
    found = run(lambda pool: pieces_of(pool, 5))
    assert len([piece for piece in found if piece.startswith(b"id: ")]) <= 1
    assert found[-1] == b": still here\n\n"


def test_a_stream_ends_when_its_reader_may_look_no_more(monkeypatch):
    monkeypatch.setattr(stream, "CHECKED_EVERY_S", 0.02)
    answers = [True, False]

    found = run(lambda pool: pieces_of(pool, 10_000, may_look=lambda: answers.pop(0)))
    assert found[-1] == b"event: over\ndata: {}\n\n"
    assert answers == []


def test_a_stream_whose_reader_cannot_be_judged_ends_without_a_word_and_may_come_back(monkeypatch):
    monkeypatch.setattr(stream, "CHECKED_EVERY_S", 0.02)

    def may_look():
        raise OperationalError("database is locked")

    found = run(lambda pool: pieces_of(pool, 10_000, may_look=may_look))
    assert len(found) < 10_000
    assert not any(b"event: over" in piece for piece in found)
