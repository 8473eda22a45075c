"""Which processes make a running Observatory, and with which environment."""

import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from observatory.up import postgresql, valkey
from observatory.up.addresses import bracketed, local_host, names_of

Service = dict[str, Any]


@dataclass(frozen=True)
class Wish:
    """What was asked of `up`."""

    host: str
    port: int
    base_dir: Path
    data_dir: Path
    full: bool
    demo: bool

    @property
    def url(self) -> str:
        return f"http://{bracketed(local_host(self.host))}:{self.port}"


@dataclass(frozen=True)
class Plan:
    """`environment` is for every process and for `manage.py` beside them; `stages` are the supervisor's.

    `remarks` are lines that the operator should read.
    """

    environment: dict[str, str]
    stages: list[list[Service]]
    remarks: list[str]


def make_plan(wish: Wish, *, allowed_hosts: list[str]) -> Plan:
    """Servers that the environment already names are used; the others are started here."""
    servers: list[Service] = []
    remarks: list[str] = []
    environment = {
        "OBSERVATORY_DATA_DIR": str(wish.data_dir),
        "OBSERVATORY_ALLOWED_HOSTS": ",".join(dict.fromkeys([*allowed_hosts, *names_of(wish.host)])),
        "OBSERVATORY_DATABASE_URL": os.environ.get("OBSERVATORY_DATABASE_URL", ""),
        "OBSERVATORY_BROKER_URL": os.environ.get("OBSERVATORY_BROKER_URL", ""),
    }
    if wish.full:
        cluster = postgresql.cluster(wish.data_dir)
        servers.append(postgresql.service(cluster))
        if not cluster.folder.is_relative_to(wish.data_dir):
            remarks.append(
                f"PostgreSQL does not run as root, and its user cannot enter that folder; it keeps {cluster.folder}"
            )
        environment["OBSERVATORY_DATABASE_URL"] = cluster.url()
    if not environment["OBSERVATORY_BROKER_URL"]:
        port, password = valkey.free_port(), secrets.token_urlsafe(24)
        servers.append(valkey.service(wish.data_dir / "valkey", port=port, password=password))
        environment["OBSERVATORY_BROKER_URL"] = valkey.url(port=port, password=password)
    stages = [servers, [_prepare(wish)], [_web(wish), _worker()]]
    # Threads share one malloc arena, so that what one frees another uses. The lock costs nothing beside the GIL.
    # Where in its line each instruction stands would be a megabyte of every process; a traceback names the line without it.
    shared = {**environment, "MALLOC_ARENA_MAX": "1", "PYTHONNODEBUGRANGES": "1", "PYTHONUNBUFFERED": "1"}
    for service in (service for stage in stages[1:] for service in stage):
        service.update(cwd=str(wish.base_dir), env={**shared, **service.get("env", {})})
    return Plan(environment, [stage for stage in stages if stage], remarks)


def _prepare(wish: Wish) -> Service:
    argv = [sys.executable, str(wish.base_dir / "manage.py"), "prepare", "--local", wish.url]
    return {"name": "prepare", "once": True, "argv": argv if wish.demo else [*argv, "--no-demo"]}


def _web(wish: Wish) -> Service:
    options = f"--host {wish.host} --port {wish.port} --http httptools --loop uvloop --ws none --lifespan on"
    # Live pages never end by themselves: without a limit, a stop would wait for their readers to leave.
    options += " --no-access-log --no-server-header --timeout-graceful-shutdown 2"
    return {
        "name": "web",
        "argv": [sys.executable, "-m", "observatory.up.web", "observatory.asgi:application", *options.split()],
        "ready_url": [local_host(wish.host), wish.port, "/livez"],
    }


def _worker() -> Service:
    return {
        "name": "worker",
        "argv": [sys.executable, "-m", "observatory.up.worker"],
        # Jobs are rows: a job that is cut off here is found again, so a stop need not wait for it.
        "env": {"REMAP_SIGTERM": "SIGQUIT"},
        "ready_text": " ready.",
    }
