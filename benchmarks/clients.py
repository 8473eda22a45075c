"""Clients in processes of their own: keep-alive connections, requests serialised before the clock starts."""

import gc
import multiprocessing
import socket
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

fork = multiprocessing.get_context("fork")  # children share the requests' memory


@dataclass
class Load:
    """How the requests were answered."""

    seconds: float = 0.0
    latencies_ms: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    cpu_s: float = 0.0  # of the clients, where it was measured

    @property
    def p50_ms(self) -> float:
        return statistics.median(self.latencies_ms)

    @property
    def p95_ms(self) -> float:
        return statistics.quantiles(self.latencies_ms, n=20)[-1]


def http_request(path: str, body: bytes, *, key: str, content_type: str, port: int) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def send_all(requests: list[bytes], *, port: int, clients: int, per_second: float | None = None) -> Load:
    """Send all requests and wait for each answer: `per_second` of them, else as fast as each client is answered."""
    gc.collect()
    gc.freeze()
    barrier = fork.Barrier(clients)
    pipes, processes = [], []
    for number in range(clients):
        receiver, sender = fork.Pipe(duplex=False)
        share = requests[number::clients]
        due = [(number + place * clients) / per_second for place in range(len(share))] if per_second else [0.0] * len(share)
        process = fork.Process(target=_send_share, args=(share, due, port, barrier, sender))
        process.start()
        sender.close()
        pipes.append(receiver)
        processes.append(process)
    results: list[tuple[float, float, list[float], list[int]]] = [pipe.recv() for pipe in pipes]
    for process in processes:
        process.join()
    load = Load(seconds=max(result[1] for result in results) - min(result[0] for result in results))
    for _, _, latencies, statuses in results:
        load.latencies_ms += latencies
        load.statuses.update(statuses)
    return load


def _send_share(share: list[bytes], due: list[float], port: int, barrier: Any, sender: Connection) -> None:
    latencies, statuses = [], []
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        barrier.wait()
        start = time.monotonic()
        for request, after in zip(share, due, strict=True):
            pause = start + after - time.monotonic()
            if pause > 0:
                time.sleep(pause)
            sent = time.monotonic()
            connection.sendall(request)
            statuses.append(_read_answer(connection))
            latencies.append((time.monotonic() - sent) * 1000)
    sender.send((start, time.monotonic(), latencies, statuses))


def _read_answer(connection: socket.socket) -> int:
    """Read one answer to its end and return its status."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _received(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    missing = length - len(body)
    while missing > 0:
        missing -= len(_received(connection))
    return int(head[9:12])


def _received(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionError("the server closed the connection")
    return data
