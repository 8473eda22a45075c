"""The shared snapshot: made once, and nobody waits for a look where there is something to show."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from reports.live import shared
from reports.live.shared import SharedSnapshots
from reports.live.snapshot import Watched

WAIT_S = 10


class Snapshot:
    def __init__(self, number):
        self.number = number

    def as_dict(self, slug):
        return {"number": self.number}


class Looks:
    """Stands for `Watched.look`: each after the first one, or the first too, goes on when it is let."""

    def __init__(self, *, held_from):
        self.held_from, self.count = held_from, 0
        self.begun, self.let = threading.Event(), threading.Event()

    def __call__(self, *, now):
        self.count += 1
        if self.count >= self.held_from:
            self.begun.set()
            assert self.let.wait(WAIT_S)
        return Snapshot(self.count)


@pytest.fixture
def looks(monkeypatch, request):
    made = Looks(held_from=request.param)
    monkeypatch.setattr(Watched, "look", lambda self, *, now: made(now=now))
    return made


@pytest.mark.parametrize("looks", [2], indirect=True)
def test_who_asks_during_a_look_gets_what_was_seen_last(looks, monkeypatch):
    monkeypatch.setattr(shared, "FRESH_S", 0.0)
    snapshots = SharedSnapshots()
    assert snapshots.newest(1, "shop") == b'{"number":1}'
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(snapshots.newest, 1, "shop")
        assert looks.begun.wait(WAIT_S)
        assert snapshots.newest(1, "shop") == b'{"number":1}'
        assert snapshots.seen(1, "shop").number == 1
        looks.let.set()
        assert second.result(WAIT_S) == b'{"number":2}'


@pytest.mark.parametrize("looks", [1], indirect=True)
def test_where_nothing_was_seen_yet_all_wait_for_one_look(looks):
    snapshots = SharedSnapshots()
    with ThreadPoolExecutor(3) as pool:
        asked = [pool.submit(snapshots.newest, 1, "shop") for _ in range(3)]
        assert looks.begun.wait(WAIT_S)
        looks.let.set()
        assert [one.result(WAIT_S) for one in asked] == [b'{"number":1}'] * 3
    assert looks.count == 1


@pytest.mark.parametrize("looks", [9], indirect=True)
def test_the_page_and_who_asks_share_a_look(looks):
    snapshots = SharedSnapshots()
    assert snapshots.seen(1, "shop").number == 1
    assert snapshots.newest(1, "shop") == b'{"number":1}'
    assert snapshots.make(1, "shop") == b'{"number":2}'
