"""One look at the machine: how much of it is in use."""

import os
import socket
import time
from pathlib import Path
from typing import Any

import psutil

MAX_HOST = 120


class Host:
    """Reads the machine that this process runs on. Rates and CPU are those since the look before, or since it was made."""

    def __init__(self, folder: Path):
        self.folder, self.name = folder, socket.gethostname()[:MAX_HOST]
        psutil.cpu_percent()  # the first answer is about nothing
        self._network = (time.monotonic(), _network_bytes())

    def look(self) -> dict[str, Any]:
        """Return the `data` of a `system.sample` event, without the length of queues. What cannot be read is left out."""
        disk = psutil.disk_usage(str(self.folder))
        found = {
            "host": self.name,
            "cpu_percent": psutil.cpu_percent(),
            "memory_percent": psutil.virtual_memory().percent,
            "disk_percent": disk.percent,
            "disk_free_bytes": disk.free,
            "network_bytes_per_s": self._network_rate(),
            "connections": open_connections(),
        }
        return {name: value for name, value in found.items() if value is not None}

    def _network_rate(self) -> float | None:
        before, (at, total) = self._network, (time.monotonic(), _network_bytes())
        self._network = (at, total)
        # A counter that starts anew, or two looks at once, are no rate.
        return (total - before[1]) / (at - before[0]) if at > before[0] and total >= before[1] else None


def open_connections() -> int | None:
    """Return the number of established TCP connections; None where the system tells only its administrator."""
    tables = [path for path in ("/proc/net/tcp", "/proc/net/tcp6") if os.path.exists(path)]
    if tables:  # psutil would look through the open files of every process
        return sum(_established(path) for path in tables)
    try:
        return sum(one.status == psutil.CONN_ESTABLISHED for one in psutil.net_connections("tcp"))
    except psutil.AccessDenied:
        return None


def _established(path: str) -> int:
    with open(path) as table:
        return sum(line.split(None, 4)[3] == "01" for line in table if line.lstrip()[:1].isdigit())


def _network_bytes() -> int:
    counters = psutil.net_io_counters()
    return counters.bytes_sent + counters.bytes_recv if counters else 0
