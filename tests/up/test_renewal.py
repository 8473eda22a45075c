"""A worker that has grown takes its own place once it is idle."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from celery.worker import state
from django.conf import settings

from observatory.core.following import follow
from observatory.up.renewal import LEAST_GAIN, QUIET_LOOKS, Renewal
from tests.up.test_worker import database_url

BASE = 60_000_000


class Process:
    """What a worker holds and has used, as told."""

    held, used = BASE, 0.0

    def renewal(self):
        return Renewal(held=lambda: self.held, used=lambda: self.used)


def test_it_is_time_when_it_holds_much_more_and_was_idle_for_a_while():
    process = Process()
    due = process.renewal()
    assert not any(due.look() for _ in range(10))
    process.held = BASE + LEAST_GAIN
    assert due.look()


def test_work_and_tasks_put_it_off(monkeypatch):
    process = Process()
    due = process.renewal()
    process.held = BASE + LEAST_GAIN
    for _ in range(10):
        process.used += 2.0
        assert not due.look()
    assert [due.look() for _ in range(QUIET_LOOKS)] == [False] * (QUIET_LOOKS - 1) + [True]
    monkeypatch.setattr(state, "active_requests", {"a request"})
    assert not due.look()


def test_a_look_that_waits_for_a_judge_puts_it_off():
    process, stopped, looked = Process(), threading.Event(), []
    due = process.renewal()
    process.held = BASE + LEAST_GAIN

    def look():
        looked.extend(due.look() for _ in range(10))
        stopped.set()

    # A thread of its own, as in a worker: it has no connection that an earlier test left open.
    following = threading.Thread(
        target=follow, args=[look], kwargs={"name": "evaluations", "every_s": 0.0, "stopped": stopped}
    )
    following.start()
    following.join()
    assert looked == [False] * 10
    assert [due.look() for _ in range(QUIET_LOOKS)][-1]


CODE = """
from observatory.up import renewal, worker
renewal.LOOK_EVERY_S, renewal.QUIET_CPU, renewal.LEAST_GAIN = 0.1, 100, -(10**9)
worker.main(["--without-beat"])
"""


@pytest.fixture
def process():
    environment = {**os.environ, "OBSERVATORY_DATABASE_URL": database_url(), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-c", CODE], env=environment, cwd=settings.BASE_DIR, stderr=subprocess.PIPE, text=True
    )
    yield process
    process.kill()
    process.wait()


def turns(process):
    """The last words of the lines that say how it goes on."""
    return (line.rsplit(" ", 1)[-1].strip() for line in process.stderr if " ready." in line or "starts anew" in line)


@pytest.mark.crash
@pytest.mark.django_db(transaction=True)
def test_the_same_process_is_ready_again(process):
    told = turns(process)
    assert [next(told) for _ in range(3)] == ["ready.", "anew.", "ready."]
    command = Path(f"/proc/{process.pid}/cmdline").read_bytes().split(b"\0")
    assert command[1:] == [b"-m", b"observatory.up.worker", b"--without-beat", b""]


@pytest.mark.crash
@pytest.mark.django_db(transaction=True)
def test_who_asks_it_to_stop_meanwhile_is_heard(process):
    told = turns(process)
    assert [next(told) for _ in range(2)] == ["ready.", "anew."]
    process.send_signal(signal.SIGTERM)
    assert list(told) == []
    assert process.wait(30) is not None
