"""TimescaleDB for tests: no package of Debian or Python has it, but npm has one in WebAssembly, of a third party."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FILES = ("package.json", "server.mjs")
# What libpq would ask for and the server does not know; and a second connection, which waits for the first one, gives up.
ENVIRONMENT = {"PGSSLMODE": "disable", "PGGSSENCMODE": "disable", "PGCONNECT_TIMEOUT": "2"}
DATABASE = "postgres"


def install() -> Path:
    """Install the server into the user's cache, once, and return its folder. Needs Node 20 or later with npm."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "observatory-tests" / "timescaledb"
    wanted = (HERE / FILES[0]).read_bytes()
    folder.mkdir(parents=True, exist_ok=True)
    installed = folder / "installed.json"
    if not installed.exists() or installed.read_bytes() != wanted:
        shutil.copy(HERE / FILES[0], folder)
        # The server's peer is the official PGlite, which has no TimescaleDB.
        command = [
            "npm",
            "install",
            "--legacy-peer-deps",
            "--no-audit",
            "--no-fund",
            "--no-package-lock",
            "--ignore-scripts",
        ]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        installed.write_bytes(wanted)
    shutil.copy(HERE / FILES[1], folder)
    return folder


def service(*, port: int) -> dict[str, Any]:
    return {"name": "timescaledb", "argv": ["node", str(install() / FILES[1]), str(port)], "ready_text": "Serving."}


def url(*, port: int) -> str:
    return f"postgresql://postgres:postgres@127.0.0.1:{port}/{DATABASE}"
