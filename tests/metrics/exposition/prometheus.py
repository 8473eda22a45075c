"""Debian's Prometheus, scraping a port of this machine every second, and its HTTP API."""

import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

CONFIGURATION = """
global: {{scrape_interval: 1s, scrape_timeout: 1s}}
scrape_configs:
  - job_name: observatory
    metrics_path: {path}
    authorization: {{credentials: {key}}}
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""
WAIT_S = 30
Sample = tuple[frozenset[tuple[str, str]], float]


@dataclass
class Server:
    port: int

    def ask(self, path: str, **parameters: Any) -> Any:
        with urlopen(f"http://127.0.0.1:{self.port}/api/v1/{path}?{urlencode(parameters)}", timeout=10) as answer:
            return json.load(answer)["data"]

    def query(self, promql: str) -> dict[frozenset[tuple[str, str]], float]:
        """An instant query: values by their labels, without those of the scrape."""
        found = self.ask("query", query=promql)["result"]
        return {_labels(one["metric"]): float(one["value"][1]) for one in found}

    def number(self, promql: str) -> float:
        (value,) = self.query(promql).values()
        return value

    def wait_for(self, condition: Callable[[], Any]) -> None:
        deadline = time.monotonic() + WAIT_S
        while not self._holds(condition):
            assert time.monotonic() < deadline, self.ask("targets")["activeTargets"]
            time.sleep(0.1)

    def _holds(self, condition: Callable[[], Any]) -> bool:
        try:
            return bool(condition())
        except (URLError, ConnectionError):
            return False  # it is still starting


def _labels(metric: dict[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset((name, value) for name, value in metric.items() if name not in {"job", "instance"})


@contextmanager
def scraping(folder: Path, *, port: int, key: str, path: str = "/metrics") -> Iterator[Server]:
    configuration = folder / "prometheus.yml"
    configuration.write_text(CONFIGURATION.format(path=path, key=key, port=port))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        own = probe.getsockname()[1]
    options = {
        "config.file": configuration,
        "storage.tsdb.path": folder / "data",
        "web.listen-address": f"127.0.0.1:{own}",
        "enable-feature": "exemplar-storage",
        "log.level": "warn",
    }
    process = subprocess.Popen(["prometheus", *(f"--{name}={value}" for name, value in options.items())])
    try:
        yield Server(own)
    finally:
        process.terminate()
        process.wait(timeout=30)
