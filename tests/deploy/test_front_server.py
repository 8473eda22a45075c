"""The shipped Caddyfile, run for real in front of a server that records what reaches it."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings

from observatory.up.valkey import free_port

CADDYFILE = settings.BASE_DIR / "deploy" / "Caddyfile"
SLOW_CLIENTS = 100


class Upstream(ThreadingHTTPServer):
    def __init__(self):
        super().__init__(("127.0.0.1", 0), Recorder)
        self.seen = []
        self.goes_on = threading.Event()


class Recorder(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.headers["X-Forwarded-Proto"], self.headers["X-Forwarded-For"], body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        """A stream of events, of which the second waits until it is asked for."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store, no-transform")
        self.end_headers()
        self.wfile.write(b"data: 1\n\n")
        self.wfile.flush()
        self.server.goes_on.wait(20)
        self.wfile.write(b"data: 2\n\n")

    def log_message(self, *arguments):
        pass


@pytest.fixture
def upstream():
    server = Upstream()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def plain_port():
    return free_port()


@pytest.fixture
def port(upstream, plain_port, tmp_path):
    port = free_port()
    caddy = shutil.which("caddy", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    environment = {
        "HTTP_PORT": str(plain_port),
        "SITE": f"http://127.0.0.1:{port}",
        "UPSTREAM": f"127.0.0.1:{upstream.server_port}",
        "HOME": str(tmp_path),
        "CADDY_ADMIN": f"unix/{tmp_path}/admin.sock",
    }
    argv = [caddy, "run", "--config", str(CADDYFILE), "--adapter", "caddyfile"]
    process = subprocess.Popen(argv, env=environment, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if "serving initial configuration" in line:
            break
    threading.Thread(target=process.stderr.read, daemon=True).start()
    yield port
    process.terminate()
    process.wait(timeout=10)


def post(port, body, headers=None):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/traces", body, headers or {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def slow_client(port):
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 1000\r\n\r\nhalf".encode())
    return connection


def test_slow_bodies_do_not_reach_the_application_and_delay_nobody(port, upstream):
    slow = [slow_client(port) for _ in range(SLOW_CLIENTS)]
    begin = time.monotonic()
    assert post(port, b"whole") == 200
    assert time.monotonic() - begin < 1
    assert [body for _, _, body in upstream.seen] == [b"whole"]
    for connection in slow:
        connection.close()


def test_what_a_client_says_about_itself_is_replaced(port, upstream):
    post(port, b"", {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"})
    assert upstream.seen == [("http", "127.0.0.1", b"")]


def test_a_body_above_the_limit_is_413(port):
    assert post(port, bytes(21 * 1024 * 1024)) == 413


@pytest.mark.parametrize("path", ["/v1/traces", "/api/v1/interactions", "/api/metrics/client", "/metrics"])
def test_programs_on_plain_http_are_refused_and_not_redirected(port, plain_port, upstream, path):
    connection = http.client.HTTPConnection("127.0.0.1", plain_port, timeout=10)
    connection.request("POST", path, b"{}")
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["error"]["code"]) == (403, "https_required")
    assert upstream.seen == []


def test_people_on_plain_http_are_led_to_https(port, plain_port):
    connection = http.client.HTTPConnection("127.0.0.1", plain_port, timeout=10)
    connection.request("GET", "/admin/?q=1", headers={"Host": "observatory.example"})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, "https://observatory.example/admin/?q=1")


def test_events_of_a_live_page_are_handed_on_at_once(port, upstream):
    headers = {"Accept-Encoding": "gzip, zstd"}
    with urllib.request.urlopen(
        urllib.request.Request(f"http://127.0.0.1:{port}/admin/live/stream/", headers=headers)
    ) as stream:
        assert stream.headers["Content-Encoding"] is None
        assert stream.readline() == b"data: 1\n"
        upstream.goes_on.set()
        assert stream.read() == b"\ndata: 2\n\n"
