"""The serving process, killed with -9 again and again while clients send; each client repeats a batch until it is taken."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

ROOT = Path(__file__).parents[2]
FIRST_PORT = 18450
READY_TIMEOUT_S = 60.0
NEXT_ONES = 1  # processes that are started ahead
PROTOBUF, JSON = "application/x-protobuf", "application/json"


@dataclass(frozen=True)
class Batch:
    """One request, and the ids of the records in it."""

    path: str
    content_type: str
    body: bytes
    spans: tuple[str, ...] = ()
    natives: tuple[str, ...] = ()


@dataclass
class Fleet:
    """Serving processes on ports of their own: one that is used, and the next one on its way."""

    environment: dict[str, str]
    log: Path
    ready: deque[tuple[psutil.Process, int]] = field(default_factory=deque)
    started: int = 0

    def __post_init__(self) -> None:
        argv, pipe = [sys.executable, "-m", "tests.trust.forked"], subprocess.PIPE
        with self.log.open("ab") as log:
            self.parent = subprocess.Popen(
                argv, cwd=ROOT, env=self.environment, stdin=pipe, stdout=pipe, stderr=log, text=True
            )

    def next(self) -> tuple[psutil.Process, int]:
        while len(self.ready) < NEXT_ONES + 1:
            self.ready.append(self._start())
        process, port = self.ready.popleft()
        deadline = time.monotonic() + READY_TIMEOUT_S
        while not _answers(port):
            if not process.is_running() or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start: {self.log.read_text()[-3000:]}")
            time.sleep(0.01)
        return process, port

    def stop(self) -> None:
        for process, _ in self.ready:
            _kill(process)
        self.parent.communicate()

    def _start(self) -> tuple[psutil.Process, int]:
        port = FIRST_PORT + self.started % 40
        self.started += 1
        self.parent.stdin.write(f"{port}\n")
        self.parent.stdin.flush()
        return psutil.Process(int(self.parent.stdout.readline())), port


@dataclass
class Drill:
    """Kills after seeded amounts of work. `acknowledged` and `sent` are record ids ("trace/span", or a native's hex)."""

    fleet: Fleet
    key: str
    kills: int
    seed: int
    acknowledged: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    repeated: int = 0
    _lock: threading.Condition = field(default_factory=threading.Condition)
    _process: psutil.Process | None = None
    _port: int = 0
    _until_kill: int = 0
    _kills_left: int = 0

    def run(self) -> None:
        self._chance = random.Random(self.seed)
        self._kills_left = self.kills
        self._process, self._port = self.fleet.next()
        self._until_kill = self._chance.randint(1, 40)
        makers = [maker for maker in (single_interactions, batches_of_interactions, otlp_traces) for _ in range(2)]
        threads = [threading.Thread(target=self._send_all, args=(maker(number),)) for number, maker in enumerate(makers)]
        for thread in threads:
            thread.start()
        while self._kills_left:
            self._replace_when_killed()
        for thread in threads:
            thread.join()
        _kill(self._process)

    def _replace_when_killed(self) -> None:
        with self._lock:
            self._lock.wait_for(lambda: self._until_kill <= 0)
            self._process.wait()
            self._process, self._port = self.fleet.next()
            self._kills_left -= 1
            self._until_kill = self._chance.randint(1, 40) if self._kills_left else 1_000_000
            self._lock.notify_all()

    def _send_all(self, batches: Iterator[Batch]) -> None:
        chance = random.Random(self.seed)
        connection = None
        while self._kills_left:
            batch = next(batches)
            ids = {*batch.spans, *batch.natives}
            with self._lock:
                self.sent |= ids
            tries = 0
            while not (taken := self._send(batch, connection)):
                connection = None
                tries += 1
            connection = taken
            with self._lock:
                self.acknowledged |= ids
                self.repeated += tries
                # Some kills come right after an answer; others come in _send, while answers are on their way.
                self._work_done(chance.random() < 0.5)

    def _send(self, batch: Batch, connection: http.client.HTTPConnection | None) -> http.client.HTTPConnection | None:
        """Return the connection if the whole batch was acknowledged."""
        with self._lock:
            self._lock.wait_for(lambda: self._until_kill > 0)
            port = self._port
        if connection is None or connection.port != port:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": batch.content_type}
        try:
            connection.request("POST", batch.path, body=batch.body, headers=headers)
            with self._lock:
                self._work_done(True)
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            return None
        return connection if _is_taken(response.status, content) else None

    def _work_done(self, counts: bool) -> None:
        """Count towards the next kill, and kill when it is time. The lock is held."""
        if counts and self._until_kill > 0:
            self._until_kill -= 1
            if self._until_kill <= 0 and self._kills_left:
                os.kill(self._process.pid, signal.SIGKILL)
                self._lock.notify_all()


def _is_taken(status: int, content: bytes) -> bool:
    if status == 207:
        return all(result["status"] == 201 for result in json.loads(content)["results"])
    return status in {200, 201}


def single_interactions(client: int) -> Iterator[Batch]:
    for one in _ids(client, 32):
        body = {"id": one, "query": f"question {one}", "answer": "a" * 200, "model": "gpt-4o", "input_tokens": 7}
        body["passages"] = [{"text": f"Passage {one[0]} of fifteen that come again and again. " * 5}]
        yield Batch("/api/v1/interactions", JSON, json.dumps(body).encode(), natives=(one,))


def batches_of_interactions(client: int) -> Iterator[Batch]:
    ids = _ids(client, 32)
    while True:
        some = tuple(next(ids) for _ in range(20))
        body = [{"id": one, "query": f"question {one}", "answer": "a" * 200} for one in some]
        yield Batch("/api/v1/interactions", JSON, json.dumps(body).encode(), natives=some)


def otlp_traces(client: int) -> Iterator[Batch]:
    """Four traces of four spans a request."""
    ids = _ids(client, 32)
    while True:
        request = ExportTraceServiceRequest()
        scope = request.resource_spans.add().scope_spans.add()
        names = []
        for trace in (next(ids) for _ in range(4)):
            for number in range(4):
                names.append(f"{trace}/{trace[:15]}{number}")
                _fill(scope.spans.add(), trace, number)
        yield Batch("/v1/traces", PROTOBUF, request.SerializeToString(), spans=tuple(names))


def _fill(span: Any, trace: str, number: int) -> None:
    span.trace_id, span.span_id = bytes.fromhex(trace), bytes.fromhex(f"{trace[:15]}{number}")
    span.parent_span_id = bytes.fromhex(f"{trace[:15]}0") if number else b""
    span.name = "step"
    span.start_time_unix_nano = 1_750_000_000_000_000_000 + number
    span.end_time_unix_nano = span.start_time_unix_nano + 1_000_000
    attribute = span.attributes.add()
    attribute.key, attribute.value.string_value = "input.value", f"question {trace}"


def _ids(client: int, digits: int) -> Iterator[str]:
    chance = random.Random(client)
    while True:
        yield f"{chance.getrandbits(4 * digits - 4) | 1 << (4 * digits - 4):0{digits}x}"


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _kill(process: psutil.Process) -> None:
    process.kill()
    process.wait()
