"""The real servers of a test run: PostgreSQL and Valkey from their wheels, in a folder of the run, ended by process id."""

import time
from pathlib import Path
from typing import Any

from observatory.up import postgresql, valkey
from observatory.up.supervisor import Child
from tests.timescaledb import service as timescaledb

START_TIMEOUT_S = 60


class Servers:
    """Started one by one; `stop()` ends all."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.children: list[Child] = []

    def start_valkey(self) -> str:
        """Return its URL."""
        port = valkey.free_port()
        self._start(valkey.service(self.folder / "valkey", port=port, password="for-tests"))
        return valkey.url(port=port, password="for-tests")

    def start_postgresql(self, **settings: str) -> str:
        """Return the URL of an empty database. `settings` are the server's, over those of `up`."""
        found = postgresql.cluster(self.folder)
        self._start(postgresql.service(found, **settings))
        return found.url()

    def start_timescaledb(self) -> str:
        """Return the URL of an empty database with the extension, for one connection at a time."""
        port = valkey.free_port()
        self._start(timescaledb.service(port=port))
        return timescaledb.url(port=port)

    def stop(self) -> None:
        for child in self.children:
            child.ask_to_stop()
        for child in self.children:
            child.process.wait(timeout=30)

    def _start(self, service: dict[str, Any]) -> None:
        child = Child(service, str(self.folder))
        child.start()
        self.children.append(child)
        deadline = time.monotonic() + START_TIMEOUT_S
        while not child.is_ready():
            if not child.is_running() or time.monotonic() > deadline:
                raise RuntimeError(f"{child.name} did not start: {child.new_log().decode(errors='replace')}")
            time.sleep(0.02)
