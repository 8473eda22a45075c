"""Many clients in one process, for small requests: eight processes would take as much of two cores as the server."""

import gc
import selectors
import socket
import time
from collections import deque
from dataclasses import dataclass, field

from benchmarks.clients import Load

LENGTH = b"content-length:"


@dataclass
class Connection:
    """A keep-alive connection with one request on its way."""

    port: int
    sent_at: float = 0.0
    received: bytes = b""
    stream: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self.stream = socket.create_connection(("127.0.0.1", self.port))
        self.stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> None:
        self.received, self.sent_at = b"", time.monotonic()
        self.stream.sendall(request)

    def status(self) -> int | None:
        """Read what has come: the status once the whole answer is there."""
        data = self.stream.recv(65536)
        if not data:
            raise ConnectionError("the server closed the connection")
        self.received += data
        head, end, body = self.received.partition(b"\r\n\r\n")
        if not end or len(body) < int(head.lower().partition(LENGTH)[2].split(b"\r\n")[0]):
            return None
        return int(head[9:12])


def send_all_lightly(requests: list[bytes], *, port: int, clients: int) -> Load:
    """Send all requests, each client its next one as soon as its last was answered. `cpu_s` is the clients' own."""
    gc.collect()
    gc.freeze()
    waiting, load = deque(requests), Load()
    with selectors.DefaultSelector() as selector:
        connections = [Connection(port) for _ in range(clients)]
        start, cpu_start = time.monotonic(), time.process_time()
        for connection in connections:
            selector.register(connection.stream, selectors.EVENT_READ, connection)
            connection.send(waiting.popleft())
        while load.statuses.total() < len(requests):
            for key, _ in selector.select():
                connection = key.data
                status = connection.status()
                if status is None:
                    continue
                load.statuses[status] += 1
                load.latencies_ms.append((time.monotonic() - connection.sent_at) * 1000)
                if waiting:
                    connection.send(waiting.popleft())
    load.seconds, load.cpu_s = time.monotonic() - start, time.process_time() - cpu_start
    for connection in connections:
        connection.stream.close()
    return load
