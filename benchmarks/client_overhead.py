"""What the Python client costs the application that it observes (R2): `python benchmarks/client_overhead.py`.

Microseconds in the caller's thread, and CPU time of the whole process with its sending thread, while a server answers
and while none does. The calls are paced as a busy application makes them, since a loop without pauses measures the queue.
"""

import json
import logging
import multiprocessing
import socket
import statistics
import sys
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sdk" / "python"))

from observatory_client import Client

CALLS = 3_000
PAUSE_S = 0.001
LIMIT_US = 5_000
PASSAGES = [{"id": f"terms-{number}", "text": "A guarantee of two years. " * 24, "score": 0.9} for number in range(5)]
ANSWER = {"model": "gpt-4o-2024-08-06", "usage": {"prompt_tokens": 8234, "completion_tokens": 312}}


class Sink(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps({"results": []}).encode()
        self.send_response(207)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *values: object) -> None:
        """Quiet."""


def record(client: Client) -> None:
    client.interaction(
        "How long is the guarantee?", "Two years from the day of purchase [1]. " * 20, model="gpt-4o", input_tokens=8234,
        output_tokens=312, latency_ms=1840, confidence=0.87, session_id="chat-81", user_id="user-7", passages=PASSAGES,
    )  # fmt: skip


def exchange(client: Client) -> None:
    """A whole request: a trace of four spans, two events and the interaction."""
    with client.trace("answer", session_id="chat-81", user_id="user-7", input="How long is the guarantee?") as request:
        request.event("chat.start")
        with client.stage("retrieval") as retrieval, client.stage("embedding", model="embedding-001"):
            retrieval.set(documents=PASSAGES)
        with client.stage("llm_call", model="gpt-4o") as call:
            call.take_usage(ANSWER)
        request.event("chat.complete")
        record(client)


CASES: dict[str, Callable[[Client], object]] = {
    "interaction, five passages": record,
    "event": lambda client: client.event("vector.search", {"results": 5}, component="retriever", duration_ms=38.5),
    "stage": lambda client: client.stage("llm_call", model="gpt-4o").__enter__().__exit__(None, None, None),
    "whole exchange, seven records": exchange,
}


def measure(client: Client, act: Callable[[Client], object]) -> tuple[list[float], float]:
    """Return the microseconds of each call, sorted, and the CPU microseconds a call of the whole process."""
    took = []
    cpu = time.process_time()
    for _ in range(CALLS):
        begun = time.perf_counter()
        act(client)
        took.append((time.perf_counter() - begun) * 1e6)
        time.sleep(PAUSE_S)
    client.flush(1)
    return sorted(took), (time.process_time() - cpu) * 1e6 / CALLS


def show(title: str, endpoint: str) -> float:
    """Print a table and return the worst median of its calls."""
    print(f"\n{title}\n{'':32}{'median':>10}{'p99':>10}{'largest':>10}{'CPU, all':>10}   microseconds a call")
    worst = 0.0
    for name, act in CASES.items():
        client = Client(endpoint, "obs_key")
        took, cpu = measure(client, act)
        stats = client.stats
        client.close(timeout_s=1)
        median = statistics.median(took)
        worst = max(worst, median)
        figures = f"{median:10.0f}{took[len(took) * 99 // 100]:10.0f}{took[-1]:10.0f}{cpu:10.0f}"
        print(f"{name:32}{figures}   sent {stats['sent']:,}, dropped {stats['dropped']:,}")
    return worst


def main() -> None:
    logging.disable(logging.WARNING)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Sink)
    sink = multiprocessing.get_context("fork").Process(target=server.serve_forever, daemon=True)
    sink.start()
    port = server.server_address[1]
    server.server_close()
    worst = show("Observatory answers", f"http://127.0.0.1:{port}")
    sink.terminate()
    sink.join()
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    worst = max(worst, show("Observatory is down", f"http://127.0.0.1:{port}"))
    print(f"\nLimit: {LIMIT_US:,} microseconds an exchange. Worst median: {worst:,.0f}.")
    sys.exit(worst > LIMIT_US)


if __name__ == "__main__":
    main()
