"""What live pages cost: `python benchmarks/live.py [--store postgresql] [--subscribers 100] [--seconds 60] [--port 18940]`.

Runs the processes of `up` in a folder of its own. Subscribers in another process read their streams as browsers do; then
again while interactions come in. Prints the CPU share and memory of the web process, and how old a snapshot is when it
arrives: its own time, taken before it is computed, against the clock of the same machine.
"""

import argparse
import json
import multiprocessing
import os
import selectors
import shutil
import socket
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.clients import http_request, send_all
from benchmarks.installation import Installation

BATCH = 50  # interactions a request, as clients that buffer send them
CLIENTS = 4
WARM_S = 3.0
SESSION = """
from django.contrib.auth.models import User
from django.test import Client
client = Client()
client.force_login(User.objects.create_superuser("benchmark"))
print(client.session.session_key)
"""


@dataclass
class Heard:
    """What the subscribers received: the age of each snapshot, and how far its newest interaction lay behind."""

    ages_ms: list[float] = field(default_factory=list)
    subscribers: int = 0
    size: int = 0


def listen(port: int, key: str, count: int, seconds: float, told: Connection) -> None:
    """Read `count` streams for so long and send what was heard. Runs in a process of its own."""
    selector, request = (
        selectors.DefaultSelector(),
        (f"GET /admin/live/stream/?project=demo HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: sessionid={key}\r\n\r\n"),
    )
    for _ in range(count):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.sendall(request.encode())
        selector.register(connection, selectors.EVENT_READ, bytearray())
    heard, alive = Heard(), set()
    begun = time.monotonic()
    while (elapsed := time.monotonic() - begun) < seconds + WARM_S:
        for chosen, _ in selector.select(timeout=0.5):
            now, part = time.time(), chosen.fileobj.recv(65_536)
            assert part, "a stream ended"
            held: bytearray = chosen.data
            held += part
            while b"\n\n" in held:
                event, _, rest = bytes(held).partition(b"\n\n")
                held[:] = rest
                data = event.partition(b"data: ")[2]
                if data and elapsed > WARM_S:
                    at = datetime.fromisoformat(json.loads(data.partition(b"\r\n")[0])["at"])
                    heard.ages_ms.append((now - at.timestamp()) * 1000)
                    heard.size = len(data)
                    alive.add(chosen.fd)
    heard.subscribers = len(alive)
    told.send(heard)


def subscribed(port: int, key: str, count: int, seconds: float) -> tuple[multiprocessing.Process, Connection]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=listen, args=(port, key, count, seconds, theirs))
    process.start()
    return process, ours


def measure(
    installation: Installation, name: str, key: str, ingest_key: str, options: argparse.Namespace, rate: int
) -> None:
    web = psutil.Process(installation.children["web"].process.pid)
    process, told = subscribed(installation.port, key, options.subscribers, options.seconds)
    time.sleep(WARM_S)
    before, begun = installation.cpu_s("web"), time.monotonic()
    stored = send(installation, ingest_key, rate, options.seconds) if rate else 0.0
    heard: Heard = told.recv()
    cpu = (installation.cpu_s("web") - before) / (time.monotonic() - begun)
    process.join()
    ages = sorted(heard.ages_ms)
    p50, p99 = (ages[min(len(ages) - 1, int(len(ages) * q))] for q in (0.5, 0.99))
    missed = 1 - len(ages) / (heard.subscribers * options.seconds)
    print(
        f"{name:34} {heard.subscribers:11} {stored:9,.0f} {cpu * 100:7.1f} {web.memory_info().rss / 1e6:8.0f} "
        f"{p50:8.0f} {p99:8.0f} {ages[-1]:8.0f} {missed * 100:8.1f} {heard.size:7,}"
    )


def send(installation: Installation, key: str, rate: int, seconds: float) -> float:
    """Send interactions at a steady rate; return how many a second were stored."""
    bodies = [json.dumps([interaction(number * BATCH + one) for one in range(BATCH)]).encode() for number in range(20)]
    made = [
        http_request(
            "/api/v1/interactions", bodies[n % 20], key=key, content_type="application/json", port=installation.port
        )
        for n in range(int(rate * seconds / BATCH))
    ]
    load = send_all(made, port=installation.port, clients=CLIENTS, per_second=rate / BATCH)
    assert set(load.statuses) <= {200, 207}, load.statuses
    return len(made) * BATCH / load.seconds


def interaction(number: int) -> dict[str, object]:
    return {
        "query": f"How do I reset password {number}?",
        "answer": "Open Settings, choose Security, then Reset password.",
        "model": f"model-{number % 5}",
        "session_id": f"s{number % 200}",
        "user_id": f"u{number % 100}",
        "input_tokens": 500,
        "output_tokens": 60,
        "latency_ms": 400 + number % 900,
        "cost_usd": 0.001,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--store", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--subscribers", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rate", type=int, default=1_000, help="interactions a second in the second leg")
    parser.add_argument("--port", type=int, default=18940)
    options = parser.parse_args()
    for store in options.store or ("sqlite", "postgresql"):
        folder = Path(tempfile.mkdtemp(prefix="observatory-benchmark-")) / store
        folder.mkdir()
        folder.parent.chmod(0o711)  # PostgreSQL may run as another user, who has to pass through
        installation = Installation(store, folder, options.port)
        try:
            installation.start()
            ingest_key = installation.manage(
                "create_key", "demo", "--create-project", "--scope", "ingest", "--name", "benchmark"
            )
            key = installation.manage("shell", "--verbosity", "0", "--command", SESSION).split()[-1]
            print(f"\n{store}, {options.seconds} s, load average {os.getloadavg()[0]:.1f}")
            print(f"{'':34} subscribers  stored/s   CPU %   RSS MB  p50 ms   p99 ms   worst  missed %   bytes")
            measure(installation, "nobody sends", key, ingest_key, options, 0)
            measure(installation, f"{options.rate:,} interactions/s come in", key, ingest_key, options, options.rate)
        finally:
            installation.children["worker"].kill()  # it is a minute behind; what is left is thrown away
            installation.stop()
            shutil.rmtree(folder.parent)


if __name__ == "__main__":
    main()
