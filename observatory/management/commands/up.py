"""`manage.py up`: all of Observatory in one terminal."""

import fcntl
import json
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from observatory.conf import SETTINGS
from observatory.core.env import ConfigurationError, read
from observatory.up import supervisor
from observatory.up.addresses import is_loopback, names_of, why_unusable
from observatory.up.errors import ServerUnavailable
from observatory.up.plan import Plan, Wish, make_plan


class Command(BaseCommand):
    help = "Start everything on this machine: database, Valkey, web and worker. Ctrl-C stops it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="Address to listen on (default: 127.0.0.1).")
        parser.add_argument("--port", type=int, default=8000, help="Port to listen on (default: 8000).")
        parser.add_argument("--data", metavar="DIR", help="Folder for all data (default: .observatory in the repository).")
        parser.add_argument("--full", action="store_true", help="Use a PostgreSQL of its own instead of SQLite.")
        parser.add_argument("--no-demo", action="store_true", help="Load no demo data on first start.")

    def run_from_argv(self, argv: list[str]) -> None:
        """As Django does it, but no connections are closed at the end: that reads settings, which make the data folder."""
        self._called_from_command_line = True
        options = vars(self.create_parser(argv[0], argv[1]).parse_args(argv[2:]))
        try:
            self.execute(**options)
        except CommandError as error:
            self.stderr.write(f"CommandError: {error}")
            sys.exit(error.returncode)

    def handle(self, *, host: str, port: int, data: str | None, full: bool, no_demo: bool, **options: Any) -> None:
        if data:
            _choose(Path(data).resolve())
        os.umask(0o077)
        _refuse_what_cannot_work(host, port, full=full)
        wish = Wish(host, port, settings.BASE_DIR, settings.DATA_DIR, full=full, demo=not no_demo)
        _lock(wish.data_dir)
        try:
            plan = make_plan(wish, allowed_hosts=settings.ALLOWED_HOSTS)
        except ServerUnavailable as reason:
            raise CommandError(str(reason)) from None
        _write_runtime(wish.data_dir, plan.environment)
        self._announce(wish, plan)
        _become_supervisor(wish, plan)

    def _announce(self, wish: Wish, plan: Plan) -> None:
        self.stdout.write(f"Data: {wish.data_dir}   Logs: {wish.data_dir / 'logs'}")
        for remark in plan.remarks:
            self.stdout.write(remark)
        if not wish.full and (wish.data_dir / "postgresql").exists():
            self.stdout.write("This start uses SQLite; what was stored under --full is not shown.")
        if not is_loopback(wish.host):
            names = ", ".join(name for name in names_of(wish.host) if not is_loopback(name.strip("[]")))
            self.stdout.write(
                f"Whoever reaches this machine can open it under {names}, port {wish.port}, and without HTTPS others on the "
                "way can read along: docs/how-to/deploy.md shows the way with HTTPS."
            )
        self.stdout.flush()


def _refuse_what_cannot_work(host: str, port: int, *, full: bool) -> None:
    """Before settings are read: they make the data folder, and what cannot start leaves none."""
    if full and os.environ.get("OBSERVATORY_DATABASE_URL"):
        raise CommandError("--full starts a PostgreSQL of its own, but OBSERVATORY_DATABASE_URL names another: unset one.")
    reason = why_unusable(host, port)
    if reason:
        raise CommandError(f"Cannot listen on {host} port {port}: {reason}. Choose another with --port.")
    _refuse_metrics_port()


def _refuse_metrics_port() -> None:
    try:
        chosen = read(SETTINGS)
    except ConfigurationError:
        return  # the settings say it, next
    host, port = (chosen[f"OBSERVATORY_METRICS_{part}"] for part in ("HOST", "PORT"))
    reason = port and why_unusable(host, port)
    if reason:
        raise CommandError(f"Cannot listen on {host} port {port}: {reason}. Choose another OBSERVATORY_METRICS_PORT.")


def _choose(data_dir: Path) -> None:
    """Settings name the data folder from here on, and must not have been read before."""
    if settings.configured:
        raise CommandError("--data comes too late: settings were read already. Start manage.py or observatory.sh.")
    os.environ["OBSERVATORY_DATA_DIR"] = str(data_dir)


def _lock(data_dir: Path) -> None:
    """Hold the folder until this process, and the supervisor that it becomes, ends; even by kill -9."""
    lock = os.open(data_dir / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pid = os.read(lock, 32).decode() or "unknown"
        raise CommandError(f"Observatory runs already with the data in {data_dir} (process {pid}).") from None
    os.ftruncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    os.set_inheritable(lock, True)


def _write_runtime(data_dir: Path, environment: dict[str, str]) -> None:
    """For `observatory.sh manage`: the process that runs, and its environment."""
    lines = [f"{name}={value}" for name, value in {"OBSERVATORY_UP_PID": str(os.getpid()), **environment}.items()]
    with os.fdopen(os.open(data_dir / "runtime.env", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write("\n".join(lines) + "\n")


def _become_supervisor(wish: Wish, plan: Plan) -> None:
    logs = wish.data_dir / "logs"
    logs.mkdir(exist_ok=True)
    reading, writing = os.pipe()
    os.write(writing, json.dumps({"logs": str(logs), "stages": plan.stages}).encode())
    os.close(writing)
    os.set_inheritable(reading, True)
    os.execv(sys.executable, [sys.executable, "-I", "-S", supervisor.__file__, str(reading)])
