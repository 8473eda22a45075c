"""Live pages do not hold up the end of the process."""

import signal
import subprocess
import sys
import time
from contextlib import closing

import pytest
from django.conf import settings

from observatory.up.valkey import free_port
from tests.reports.live.listener import STREAM, Listener

pytestmark = pytest.mark.slow
WITHIN_S = 1.0
# Makes a session of the installation's admin; prints its key.
SET_UP = """
from django.contrib.auth.models import User
from django.test import Client
client = Client()
client.force_login(User.objects.get(username="admin"))
print(client.session.session_key)
"""


@pytest.fixture(scope="module")
def key(installation) -> str:
    command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", SET_UP]
    made = subprocess.run(command, env=installation, cwd=settings.BASE_DIR, check=True, capture_output=True, text=True)
    return made.stdout.split()[-1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_streams_end_within_a_second_of_the_signal(installation, key, number):
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "observatory.asgi:application", "--port", str(port), "--lifespan", "on"]
    # Without a limit of its own the server would wait for the streams for ever.
    process = subprocess.Popen(command, env=installation, cwd=settings.BASE_DIR, stderr=subprocess.PIPE, text=True)
    try:
        for line in process.stderr:
            if "running on" in line:
                break
        with closing(Listener(port, key, STREAM.replace("shop", "demo"))) as listener:
            assert listener.status == 200
            next(listener.snapshots())
            begun = time.monotonic()
            process.send_signal(number)
            for _ in listener.blocks():
                continue
            assert time.monotonic() - begun < WITHIN_S
        assert process.wait(timeout=10) in {0, -number}
        assert time.monotonic() - begun < WITHIN_S + 2
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
