"""How long `up` takes from the command until it can be used, and from Ctrl-C until no process is left.

`python benchmarks/start_times.py`: on each store, with the demo's data, which the first start loads; then twice again.
"""

import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from observatory.up.valkey import free_port

BASE = Path(__file__).resolve().parent.parent
STARTS = ("first", "second", "third")


def main() -> None:
    for store, options in (("sqlite", []), ("postgresql", ["--full"])):
        with tempfile.TemporaryDirectory(prefix="observatory-start-", ignore_cleanup_errors=True) as name:
            Path(name).chmod(0o711)  # PostgreSQL may run as another user
            for start in STARTS:
                ready, stopped = measure(Path(name) / "data", options)
                print(f"{store:11} {start:7} start: ready in {ready:5.1f} s, ended in {stopped:4.1f} s")


def measure(data: Path, options: list[str]) -> tuple[float, float]:
    """Seconds to start, and to stop."""
    argv = [sys.executable, str(BASE / "manage.py"), "up", "--data", str(data), "--port", str(free_port()), *options]
    begun = time.monotonic()
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout
        if not any("Observatory is ready" in line for line in process.stdout):
            raise SystemExit("`up` ended before it was ready.")
        ready = time.monotonic() - begun
        children = psutil.Process(process.pid).children(recursive=True)
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.wait()
        psutil.wait_procs(children)
        return ready, time.monotonic() - begun


if __name__ == "__main__":
    main()
