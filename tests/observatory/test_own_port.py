"""OBSERVATORY_METRICS_PORT: a second listener of the web process that answers /metrics and nothing else."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
from django.conf import settings

pytestmark = pytest.mark.slow
START_S = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(port: int, path: str, key: str = "", **headers: str) -> tuple[int, str]:
    headers |= {"Authorization": f"Bearer {key}"} if key else {}
    try:
        with urlopen(Request(f"http://127.0.0.1:{port}{path}", headers=headers), timeout=10) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


@contextmanager
def web(environment: dict[str, str], port: int, **more: str) -> Iterator[subprocess.Popen]:
    command = [sys.executable, "-m", "uvicorn", "observatory.asgi:application", "--port", str(port), "--lifespan", "on"]
    process = subprocess.Popen(
        command, env={**environment, **more}, cwd=settings.BASE_DIR, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            assert get(port, "/livez")[0]
            return
        except (URLError, ConnectionError):
            assert time.monotonic() < deadline
            time.sleep(0.1)


def key_of(environment: dict[str, str]) -> str:
    with open(f"{environment['OBSERVATORY_DATA_DIR']}/credentials.json") as file:
        return next(value for name, value in json.load(file).items() if name.startswith("demo_key"))


def test_it_answers_metrics_to_a_key_and_nothing_else(installation):
    clients, own, key = free_port(), free_port(), key_of(installation)
    more = {"OBSERVATORY_METRICS_PORT": str(own), "OBSERVATORY_PROCESS_METRICS": "true", "OBSERVATORY_HTTPS": "true"}
    with web(installation, clients, **more) as process:
        wait_for(clients)
        body = json.dumps([{"query": "one"}, {"query": "two"}]).encode()
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "X-Forwarded-Proto": "https"}
        with urlopen(Request(f"http://127.0.0.1:{clients}/api/v1/interactions", body, headers)) as answer:
            assert answer.status == 207
        for path in ("/metrics", "/metrics/raw"):
            status, text = get(own, path, key)
            assert (status, "observatory_digest_waiting" in text) == (200, True)
        assert [get(own, path, key)[0] for path in ("/livez", "/admin/", "/api/v1/interactions", "/")] == [404] * 4
        assert get(own, "/metrics")[0] == 401
        status, text = get(own, "/metrics/process", key)
        assert status == 200
        assert 'django_http_requests_total_by_view_transport_method_total{method="POST"' in text
        assert "django_db_execute_total" in text
        # On the port of clients the key is refused in the clear, and the process is nobody's.
        assert get(clients, "/metrics", key)[0] == 403
        assert get(clients, "/metrics/process", key, **{"X-Forwarded-Proto": "https"})[0] == 404
        process.terminate()
        assert process.wait(timeout=10) in {0, -15}
    with pytest.raises(URLError):
        get(own, "/metrics", key)


def test_a_port_that_is_taken_stops_the_start_with_a_reason(installation):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with web(installation, free_port(), OBSERVATORY_METRICS_PORT=str(taken)) as process:
            _, errors = process.communicate(timeout=START_S)
    assert f"Cannot listen on OBSERVATORY_METRICS_PORT (127.0.0.1 port {taken})" in errors
    assert process.returncode != 0
