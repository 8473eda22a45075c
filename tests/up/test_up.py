"""`manage.py up` as a newcomer runs it, from an empty data folder, on both stores."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from observatory.up.valkey import free_port

pytestmark = [pytest.mark.crash, pytest.mark.timeout(180)]
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("OBSERVATORY_")}


class Up:
    """One run of `up`. `lines` is what it printed until it could be used, or until it ended."""

    def __init__(self, data, store, *options):
        self.data, self.port = data, free_port()
        argv = [sys.executable, str(settings.BASE_DIR / "manage.py"), "up", "--no-demo"]
        argv += ["--data", str(data), "--port", str(self.port), *options]
        if store == "postgresql":
            argv.append("--full")
        self.process = subprocess.Popen(argv, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.lines = []
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if "Observatory is ready" in line:
                break

    def stop(self, number=signal.SIGTERM):
        """Return how long it took until no process of it was left."""
        begin = time.monotonic()
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(number)
        self.process.wait(timeout=20)
        assert psutil.wait_procs(children, timeout=10)[1] == []
        return time.monotonic() - begin


@contextmanager
def a_folder():
    with tempfile.TemporaryDirectory(prefix="observatory-up-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        yield Path(name) / "data"


@pytest.fixture(scope="module")
def first(store):
    """The first start on an empty folder, which has ended by Ctrl-C. Others start on copies of what it left."""
    with a_folder() as data:
        run = Up(data, store)
        with urllib.request.urlopen(f"http://127.0.0.1:{run.port}/admin/login/") as answer:
            run.answered = answer.status
        run.stopped_in = run.stop(signal.SIGINT)
        yield run


@contextmanager
def a_copy(of):
    with a_folder() as data:
        subprocess.run(["cp", "-a", of.data, data], check=True)
        yield data


@pytest.fixture
def data(first):
    with a_copy(first) as data:
        yield data


@pytest.fixture(scope="module")
def killed(first, store):
    """The second start, which has ended by kill -9. `left` are those of its processes that are there ten seconds later."""
    with a_copy(first) as data:
        run = Up(data, store)
        children = psutil.Process(run.process.pid).children(recursive=True)
        run.process.kill()
        run.left = psutil.wait_procs(children, timeout=10)[1]
        run.process.wait()
        yield run


@pytest.fixture(scope="module")
def running(killed, store):
    """The third start, for tests that leave it running. `data` is its folder."""
    run = Up(killed.data, store)
    yield run
    run.stop()


def manage(data, *arguments):
    argv = [str(settings.BASE_DIR / "observatory.sh"), "manage", *arguments]
    return subprocess.run(argv, env={**ENVIRONMENT, "OBSERVATORY_DATA_DIR": str(data)}, capture_output=True, text=True)


def test_it_starts_stops_and_starts_again_with_the_same_password_and_key(first, killed):
    ready = rf"Observatory is ready: http://127\.0\.0\.1:{first.port}/admin/ \(user admin, password \S+\)"
    assert re.fullmatch(ready, first.lines[-1])
    key = re.search(r"Bearer (\S+)'", "\n".join(first.lines))[1]
    assert first.answered == 200
    assert first.stopped_in < 5

    assert killed.lines[-1].partition("password")[2] == first.lines[-1].partition("password")[2]
    assert key in "\n".join(killed.lines)


def test_a_second_one_on_the_same_data_is_refused_in_one_line(running, store):
    second = Up(running.data, store)
    found = f"the data in {running.data} (process {running.process.pid})"
    assert second.lines == [f"CommandError: Observatory runs already with {found}."]


def test_a_port_in_use_is_told_in_one_line(running, tmp_path):
    second = Up(tmp_path / "data", "sqlite", "--port", str(running.port))
    assert len(second.lines) == 1
    assert f"Cannot listen on 127.0.0.1 port {running.port}: Address already in use" in second.lines[0]
    assert not (tmp_path / "data").exists()


def test_nothing_is_left_after_kill_9_and_the_next_start_works(killed, running):
    assert killed.left == []
    assert "Observatory is ready" in running.lines[-1]


def test_secrets_are_readable_by_their_owner_only(running):
    names = ["secret_key", "credentials.json", "runtime.env", "up.lock", "valkey/valkey.conf"]
    assert {name: oct((running.data / name).stat().st_mode & 0o777) for name in names} == dict.fromkeys(names, "0o600")


def test_manage_says_where_it_found_no_data_and_leaves_none(tmp_path):
    data = tmp_path / "data"
    for named in ({"OBSERVATORY_DATA_DIR": str(data)}, {}):
        argv = [str(settings.BASE_DIR / "observatory.sh"), "manage", *([] if named else ["--data", "data"])]
        argv += ["create_key", "mine", "--scope", "read", "--name", "chat backend"]
        found = subprocess.run(argv, env={**ENVIRONMENT, **named}, capture_output=True, text=True, cwd=data.parent)
        assert (found.returncode, found.stdout) == (1, "")
        assert f"there is no data in {data}. Start ./observatory.sh up first" in found.stderr
        assert found.stderr.endswith(r" manage --data DIR create_key mine --scope read --name chat\ backend" + "\n")
        assert len(found.stderr.splitlines()) == 1
    assert not data.exists()


def test_manage_reaches_the_same_data(running):
    assert manage(running.data, "create_key", "demo", "--scope", "read").stdout.startswith("obs_")


def test_manage_says_when_it_cannot_reach_them(data, store):
    then = manage(data, "create_key", "demo", "--scope", "read")
    if store == "sqlite":
        assert then.stdout.startswith("obs_")
    else:
        assert "was last used with its own PostgreSQL, which is not running: start ./observatory.sh up --full" in then.stderr
        assert len(then.stderr.splitlines()) == 1
