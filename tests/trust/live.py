"""The product behind a real server (uvicorn, httptools) in a thread of the test process, and a client that speaks to it."""

import gzip
import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def is_ours(self) -> bool:
        """Not the server's own answer to something that is no HTTP, of which the product never hears."""
        return "Content-Security-Policy" in self.headers or "content-security-policy" in self.headers

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Caller:
    """Sends requests with a key, each thread on a connection of its own, and remembers every answer of 500 or more."""

    port: int
    key: str
    faults: list[str] = field(default_factory=list)
    _local: threading.local = field(default_factory=threading.local)

    def __call__(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None, what: str = ""
    ) -> Answer:
        sent = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", **(headers or {})}
        for is_last in (False, True):
            connection = self._connection()
            try:
                connection.request(method, path, body=body, headers=sent)
                response = connection.getresponse()
                answer = Answer(response.status, dict(response.headers.items()), response.read())
                break
            except (http.client.HTTPException, ConnectionError):
                # After an early refusal the server closes the connection that it kept alive.
                connection.close()
                if is_last:
                    raise
        if answer.status >= 500:
            self.faults.append(f"{answer.status} {method} {path[:200]} {what}".rstrip())
        return answer

    def post(self, path: str, body: bytes, what: str = "", **headers: str) -> Answer:
        return self("POST", path, body, {name.replace("_", "-"): value for name, value in headers.items()}, what)

    def post_gzip(self, path: str, body: bytes, **headers: str) -> Answer:
        return self.post(path, gzip.compress(body, 1), Content_Encoding="gzip", **headers)

    def raw(self, data: bytes, *, leaves: bool = False) -> bytes:
        """Send bytes as they are and return what comes back until the server closes. `leaves`: close our side at once."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(data)
            if leaves:
                connection.shutdown(socket.SHUT_WR)
            found = b""
            while part := connection.recv(65536):
                found += part
            return found

    def close(self) -> None:
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        if not hasattr(self._local, "connection"):
            self._local.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        return self._local.connection


@contextmanager
def served(max_body_bytes: int, threads: int = 8) -> Iterator[int]:
    """Serve the pages in a thread and give the port."""
    from django.core.wsgi import get_wsgi_application

    from observatory.core.serving.threads import ThreadedWSGI

    with serving(ThreadedWSGI(get_wsgi_application(), threads=threads, max_body_bytes=max_body_bytes), threads) as port:
        yield port


@contextmanager
def serving(application: Any, threads: int) -> Iterator[int]:
    """Serve an application with so many threads. At the end every thread's database connection is closed."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    config = uvicorn.Config(
        application,
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name="uvicorn")
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        close_connections(application, threads)
        server.should_exit = True
        thread.join(timeout=20)
        application.pool.shutdown()
        if application.lane is not None:
            application.lane.end()


def close_connections(application: Any, threads: int) -> None:
    """Close the database connection of each thread, which would keep the test database from being dropped."""
    from django.db import connections

    barrier = threading.Barrier(threads)

    def close() -> None:
        barrier.wait(timeout=20)
        connections.close_all()

    jobs = [application.pool.submit(close) for _ in range(threads)]
    if application.lane is not None:
        jobs.append(application.lane.thread.submit(connections.close_all))
    for job in jobs:
        job.result(timeout=20)
