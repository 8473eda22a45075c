"""How fast data comes in, and what it costs: `python benchmarks/ingest.py [--store sqlite] [--quick] [--port 18500]`.

Runs the processes of `up` in a folder of its own, sends OTLP and single interactions from other processes, and prints
spans a second, CPU seconds (web, database and worker told apart), answer times and bytes on disk.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.clients import Load, http_request, send_all
from benchmarks.installation import Installation
from benchmarks.rag_traces import SECOND_NS, SPANS_PER_TRACE, Traffic
from benchmarks.single_posts import SinglePosts, measure
from benchmarks.stored import MARKS, PAYLOADS, SPANS, TEXTS, Stored
from observatory.up.plan import Wish, _web

CLIENTS = 8
PROCESSES = ("web", "postgresql", "worker")
SUSTAINED_SPANS_PER_S = 5_000
MOST_RAW_ROWS = 20_000
PLAIN_SETTINGS = "benchmarks.plain_settings"


def live(seed: int) -> Traffic:
    """Traces of the present: those of last winter would go into buckets of a month, each time made of all that is stored."""
    return Traffic(seed, start_ns=time.time_ns(), every_ns=SECOND_NS * SPANS_PER_TRACE // SUSTAINED_SPANS_PER_S)


@dataclass
class Cost:
    """CPU seconds per 1,000 spans by process."""

    web: float
    postgresql: float
    worker: float


class Meter:
    """CPU time of the installation's processes between two moments."""

    def __init__(self, installation: Installation):
        self.installation = installation
        self.before = self._read()

    def per_1000(self, spans: int) -> Cost:
        return Cost(*((after - before) / spans * 1000 for before, after in zip(self.before, self._read(), strict=True)))

    def _read(self) -> list[float]:
        return [self.installation.cpu_s(name) for name in PROCESSES]


class Benchmark:
    """All legs on one store."""

    def __init__(self, installation: Installation, *, scale: float):
        self.installation, self.scale = installation, scale
        self.key = installation.manage(
            "create_key", "demo", "--create-project", "--scope", "ingest", "--scope", "read", "--name", "benchmark"
        )
        self.stored = Stored(installation)
        self.spans = 0

    def run(self) -> None:
        print(f"\n{self.stored.version()}, one web process, {CLIENTS} clients, load average {os.getloadavg()[0]:.1f}\n")
        self._send(Traffic(1), spans=64, requests=self._scaled(64))  # a warm web process
        self.stored.seconds_until_digested()
        self._pause_worker()
        print("store alone (no digest)        spans   spans/s    raw  ratio   CPU-s/1,000: web    db  both    p50   p95 ms")
        for spans, requests, seed in ((64, 640, 2), (512, 80, 3)):
            self._store_alone(Traffic(seed), spans=spans, requests=self._scaled(requests))
        self._digest_alone()
        self._sizes()
        self._digest_beside(live(5), seconds=self._scaled(20))
        self._sustained(live(4), seconds=self._scaled(20))
        self.single_posts()

    def _pause_worker(self) -> None:
        """Pause the worker between two transactions."""
        self.installation.pause("worker")
        while not self.stored.is_free():
            self.installation.resume("worker")
            time.sleep(0.05)
            self.installation.pause("worker")

    def _scaled(self, number: int) -> int:
        return max(8, int(number * self.scale))

    def _send(self, traffic: Traffic, *, spans: int, requests: int, per_second: float | None = None) -> Load:
        port = self.installation.port
        made = [
            http_request("/v1/traces", body, key=self.key, content_type="application/x-protobuf", port=port)
            for body in traffic.requests(requests, spans)
        ]
        self.meter = Meter(self.installation)
        load = send_all(made, port=port, clients=CLIENTS, per_second=per_second)
        assert set(load.statuses) == {200}, load.statuses
        self.spans += spans * requests
        found = self.stored.count(SPANS)
        assert found == self.spans, f"{found} spans are stored, {self.spans} were acknowledged"
        return load

    def _store_alone(self, traffic: Traffic, *, spans: int, requests: int) -> None:
        load, sent = self._send(traffic, spans=spans, requests=requests), spans * requests
        cost, rate = self.meter.per_1000(sent), sent / load.seconds
        raw = self.stored.raw_spans_per_second(spans, MOST_RAW_ROWS)
        print(
            f"  requests of {spans:4} spans {sent:11,} {rate:9,.0f} {raw:6,.0f}  {rate / raw:5.2f}  {cost.web:16.3f} "
            f"{cost.postgresql:5.3f} {cost.web + cost.postgresql:5.3f} {load.p50_ms:6.0f} {load.p95_ms:5.0f}"
        )

    def _digest_alone(self) -> None:
        """By the command, for the worker rolls up and scores beside it; less what it takes to find nothing to do."""
        spans = self.stored.count(MARKS) * SPANS_PER_TRACE
        meter = Meter(self.installation)
        (seconds, used), database = self._digest(), meter.per_1000(spans).postgresql
        idle_seconds, idle_used = self._digest()
        own = (used - idle_used) / spans * 1000
        print(
            f"digest alone {spans:24,} {spans / (seconds - idle_seconds):9,.0f}    CPU-s/1,000: digest {own:.3f}, "
            f"database {database:.3f}, both {own + database:.3f}"
        )
        self.installation.resume("worker")

    def _digest(self) -> tuple[float, float]:
        """Return how long `manage.py digest` took, and its CPU seconds."""
        start, before = time.monotonic(), os.times()
        self.installation.manage("digest")
        after = os.times()
        used = after.children_user + after.children_system - before.children_user - before.children_system
        return time.monotonic() - start, used

    def _sizes(self) -> None:
        a_span = {name.removeprefix("interactions_"): size / self.spans for name, size in self.stored.sizes().items()}
        parts = ", ".join(f"{name} {size:.0f}" for name, size in sorted(a_span.items(), key=lambda one: -one[1]) if size > 1)
        packed = sum(
            self.stored.rows(f"SELECT coalesce(sum(length(body)), 0) FROM {table}")[0][0] for table in (PAYLOADS, TEXTS)
        )
        names = self.stored.names_of_spans()
        spans = sum(size for name, size in a_span.items() if f"interactions_{name}" in names or name in names)
        print(f"bytes a span on disk {sum(a_span.values()):.0f} ({parts})")
        print(f"  spans and texts with their indexes {spans:.0f}; the packed texts themselves {packed / self.spans:.0f}")

    def _digest_beside(self, traffic: Traffic, *, seconds: int) -> None:
        """As the goal says: the digest keeps up, and nothing else is at work."""
        self.installation.replace("worker", "benchmarks.digest_worker")
        self.stored.seconds_until_digested()
        self._send_steadily("the digest alone", traffic, seconds=seconds)
        self.installation.replace("worker")
        self.stored.seconds_until_rolled_up()

    def _send_steadily(self, followed_by: str, traffic: Traffic, *, seconds: int) -> float:
        """Return for how long the digest went on after the last span."""
        per_second = SUSTAINED_SPANS_PER_S / 64
        requests = int(seconds * per_second)
        load = self._send(traffic, spans=64, requests=requests, per_second=per_second)
        behind = self.stored.count(MARKS) * SPANS_PER_TRACE
        drain, cost = self.stored.seconds_until_digested(), self.meter.per_1000(requests * 64)
        print(
            f"with {followed_by}, {SUSTAINED_SPANS_PER_S:,}/s for {seconds} s: "
            f"stored {requests * 64 / load.seconds:,.0f}/s, p50 {load.p50_ms:.0f}, p95 {load.p95_ms:.0f} ms; "
            f"{behind:,} spans behind at the end, "
            f"digested {drain:.1f} s later; CPU-s/1,000: web {cost.web:.3f}, worker {cost.worker:.3f}, "
            f"database {cost.postgresql:.3f}"
        )
        return drain

    def _sustained(self, traffic: Traffic, *, seconds: int) -> None:
        drain = self._send_steadily("digest, roll-up and scoring", traffic, seconds=seconds)
        counted = drain + self.stored.seconds_until_counted(self.spans)
        print(f"roll-up beside it: every span in all its buckets {counted:.1f} s after the last one was stored")
        # With the scores, which come more slowly.
        self.stored.seconds_until_rolled_up()
        assert self.stored.counted_by_metrics() == self.spans

    def single_posts(self) -> None:
        installation, count = self.installation, self._scaled(6000)
        plain_port = installation.port + 1
        wish = Wish("127.0.0.1", plain_port, Path(__file__).resolve().parent.parent, installation.folder, False, False)
        service = _web(wish) | {"name": "plain", "cwd": str(wish.base_dir), "ready_url": ["127.0.0.1", plain_port, "/"]}
        service["env"] = {
            **installation.environment,
            "MALLOC_ARENA_MAX": "2",
            "DJANGO_SETTINGS_MODULE": "benchmarks.plain_settings",
        }
        installation.launch(service)
        path, port = "/api/v1/interactions", installation.port
        self._pause_worker()
        ours = measure(installation, web="web", port=port, path=path, key=self.key, count=count, seed=5)
        plain = measure(installation, web="plain", port=plain_port, path="/interactions", key="", count=count, seed=6)
        installation.resume("worker")
        followed = measure(installation, web="web", port=port, path=path, key=self.key, count=count, seed=7)
        print("\nsingle POST                median ms at 1   requests/s at 8   p95 ms   CPU ms: web    db  client")
        for name, found in (("ours", ours), ("plain DRF", plain), ("ours, digest following", followed)):
            print_single(name, found)
        print(f"  ours : plain {ours.median_ms / plain.median_ms:19.2f} {ours.per_second / plain.per_second:17.2f}")


def print_single(name: str, found: SinglePosts) -> None:
    print(
        f"  {name:24} {found.median_ms:14.2f} {found.per_second:17,.0f} {found.p95_ms:8.1f} {found.web_cpu_ms:12.2f} "
        f"{found.database_cpu_ms:5.2f} {found.client_cpu_ms:7.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--store", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--single", action="store_true", help="single interactions only")
    parser.add_argument("--quick", action="store_true", help="an eighth of the data")
    parser.add_argument("--port", type=int, default=18500)
    parser.add_argument("--folder", type=Path, help="where the data go; kept. Default: a temporary folder")
    options = parser.parse_args()
    for store in options.store or ("sqlite", "postgresql"):
        folder = (options.folder or Path(tempfile.mkdtemp(prefix="observatory-benchmark-"))) / store
        folder.mkdir(parents=True, exist_ok=True)
        folder.parent.chmod(0o711)  # PostgreSQL may run as another user, who has to pass through
        installation = Installation(store, folder, options.port)
        try:
            installation.start()
            benchmark = Benchmark(installation, scale=0.125 if options.quick else 1)
            if options.single:
                benchmark.single_posts()
            else:
                benchmark.run()
        finally:
            installation.stop()
            if not options.folder:
                shutil.rmtree(folder.parent)


if __name__ == "__main__":
    main()
