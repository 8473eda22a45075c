"""A whole Observatory of its own, run by the plan of `up`: the same processes, environment and durability."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil

from observatory.up.plan import Service, Wish, make_plan
from observatory.up.supervisor import Child

BASE = Path(__file__).resolve().parent.parent
START_TIMEOUT_S = 60
FILE = "observatory.sqlite3"


@dataclass
class Installation:
    """`store` is "sqlite" or "postgresql". Start with `start()`, end with `stop()`."""

    store: str
    folder: Path
    port: int
    children: dict[str, Child] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)

    def start(self) -> None:
        wish = Wish("127.0.0.1", self.port, BASE, self.folder, full=self.store == "postgresql", demo=False)
        self.folder.mkdir(parents=True, exist_ok=True)
        plan = make_plan(wish, allowed_hosts=["127.0.0.1"])
        self.environment = plan.environment
        for service in (service for stage in plan.stages for service in stage):
            if service.get("once"):
                self.manage("prepare")
            else:
                self.services[service["name"]] = service
                self.launch(service)

    def launch(self, service: Service) -> Child:
        """Start one process and wait until it is ready."""
        child = Child(service, str(self.folder))
        child.start()
        self.children[child.name] = child
        deadline = time.monotonic() + START_TIMEOUT_S
        while not child.is_ready():
            if not child.is_running() or time.monotonic() > deadline:
                raise RuntimeError(f"{child.name} did not start: {child.new_log().decode(errors='replace')}")
            time.sleep(0.02)
        return child

    def manage(self, *argv: str) -> str:
        return subprocess.run(
            [sys.executable, str(BASE / "manage.py"), *argv],
            env={**os.environ, **self.environment},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout.strip()

    def stop(self) -> None:
        self.resume("worker")
        for child in reversed(self.children.values()):
            child.ask_to_stop()
            child.process.wait(timeout=30)

    def replace(self, name: str, module: str | None = None) -> None:
        """Stop a process and start it anew; with a module of the benchmarks in place of its own, if one is named."""
        self.children[name].ask_to_stop()
        self.children[name].process.wait(timeout=30)
        service = self.services[name]
        self.launch(service | {"argv": [sys.executable, "-m", module]} if module else service)

    def pause(self, name: str) -> None:
        """Stop a process in the middle of whatever it does: the worker, so that a leg has no digest in it."""
        process = psutil.Process(self.children[name].process.pid)
        process.suspend()
        # Its threads stop one after the other, and one may take a lock yet.
        while any(_state(process.pid, thread.id) != "T" for thread in process.threads()):
            time.sleep(0.001)

    def resume(self, name: str) -> None:
        if name in self.children:
            self.children[name].process.send_signal(signal.SIGCONT)

    def cpu_s(self, name: str) -> float:
        """CPU seconds so far of a process, of the children it has and of those that have ended. 0 if there is none."""
        if name not in self.children:
            return 0.0
        process = psutil.Process(self.children[name].process.pid)
        return sum(_cpu_s(one) for one in [process, *process.children(recursive=True)])

    def connect(self):
        """Return a connection of the driver to the store."""
        if self.store == "sqlite":
            return sqlite3.connect(self.folder / FILE, timeout=20, isolation_level=None)
        import psycopg2

        url = urlsplit(self.environment["OBSERVATORY_DATABASE_URL"])
        connection = psycopg2.connect(dbname=url.path[1:], user=url.username, host=parse_qs(url.query)["host"][0])
        connection.autocommit = True
        return connection


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system + times.children_user + times.children_system


def _state(pid: int, thread_id: int) -> str:
    """The state of a thread as the kernel gives it, after the name in brackets."""
    return Path(f"/proc/{pid}/task/{thread_id}/stat").read_text().rpartition(")")[2].split()[0]
