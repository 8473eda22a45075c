"""The supervisor keeps processes running and leaves none behind."""

import json
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from observatory.up import supervisor

pytestmark = pytest.mark.crash
ENDLESS = "import time; print('ready', flush=True); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + ENDLESS
BROKEN = "raise SystemExit('no such port')"


def service(name, code, **more):
    return {"name": name, "argv": [sys.executable, "-c", code], "ready_text": "ready", **more}


def greeting(text="It is ready."):
    return {"name": "greet", "argv": [sys.executable, "-c", f"print({text!r})"], "once": True}


class Running:
    """A supervisor process with a plan, and what it has printed."""

    def __init__(self, tmp_path, stages):
        (tmp_path / "logs").mkdir()
        reading, writing = os.pipe()
        os.write(writing, json.dumps({"logs": str(tmp_path / "logs"), "stages": stages}).encode())
        os.close(writing)
        argv = [sys.executable, "-I", "-S", supervisor.__file__, str(reading)]
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, pass_fds=[reading])
        os.close(reading)

    def line(self):
        return self.process.stdout.readline().rstrip("\n")

    def children(self):
        return psutil.Process(self.process.pid).children(recursive=True)

    def seconds_to_end_after(self, number):
        begin = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout=10)
        return time.monotonic() - begin


@pytest.fixture(autouse=True)
def hang_ups_arrive():
    """Children inherit what is ignored, and under nohup the tests' own process ignores hang-ups."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.fixture
def run(tmp_path):
    started = []

    def start(*stages):
        started.append(Running(tmp_path, list(stages)))
        return started[-1]

    yield start
    for running in started:
        running.process.kill()
        running.process.wait()


def test_it_greets_when_all_is_ready(run):
    assert run([service("a", ENDLESS)], [greeting()], [service("b", ENDLESS)]).line() == "It is ready."


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_all_within_five_seconds(run, number):
    running = run([service("a", ENDLESS)], [greeting()], [service("b", STUBBORN)])
    running.line()
    children = running.children()
    assert running.seconds_to_end_after(number) < 5
    assert (len(children), psutil.wait_procs(children, timeout=0)[1]) == (2, [])
    assert running.process.returncode == 0


def test_a_child_that_ends_is_started_again(run):
    running = run([greeting()], [service("a", ENDLESS)])
    running.line()
    first = running.children()[0]
    first.kill()
    assert running.line().startswith("a ended (exit code -9), starting it again in 1 s")
    first.wait(timeout=10)
    deadline = time.monotonic() + 10
    while not running.children() and time.monotonic() < deadline:
        running.process.poll()
    assert len(running.children()) == 1


def test_kill_9_of_the_supervisor_ends_its_children(run):
    running = run([service("a", ENDLESS)], [greeting()], [service("b", ENDLESS)])
    running.line()
    children = running.children()
    running.seconds_to_end_after(signal.SIGKILL)
    assert psutil.wait_procs(children, timeout=5)[1] == []


def test_a_child_that_cannot_start_is_shown_with_its_log(run):
    running = run([service("a", ENDLESS)], [service("b", BROKEN)])
    assert running.line() == "Observatory could not start: b ended (exit code 1)."
    assert running.line() == "  | no such port"
    assert running.process.wait(timeout=10) == 1


def test_a_step_that_fails_stops_the_start(run):
    failing = {"name": "prepare", "argv": [sys.executable, "-c", "raise SystemExit(3)"], "once": True}
    running = run([failing], [service("a", ENDLESS)])
    assert running.line() == "Observatory could not start: prepare failed (exit code 3), see above."
    assert running.process.wait(timeout=10) == 1


def test_a_log_that_grows_is_kept_once(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "LARGEST_LOG_BYTES", 10)
    child = supervisor.Child({"name": "a"}, str(tmp_path))
    (tmp_path / "a.log").write_text("more than ten bytes")
    child.trim_log()
    assert (tmp_path / "a.log").read_text() == ""
    assert (tmp_path / "a.log.1").read_text() == "more than ten bytes"
