"""Memory of a running `up` and all its children: `python benchmarks/idle_memory.py PID` (or without: reads the data folder).

PSS counts each page once, shared among those who map it: the sum is what the machine gives.
"""

import os
import sys
from pathlib import Path

import psutil

MIB = 1024 * 1024


def pid_of_up() -> int:
    data = Path(os.environ.get("OBSERVATORY_DATA_DIR", ".observatory"))
    values = dict(line.partition("=")[::2] for line in (data / "runtime.env").read_text().splitlines())
    return int(values["OBSERVATORY_UP_PID"])


def main() -> None:
    root = psutil.Process(int(sys.argv[1]) if len(sys.argv) > 1 else pid_of_up())
    total = 0
    for process in [root, *root.children(recursive=True)]:
        memory = process.memory_full_info()
        total += memory.pss
        command = " ".join(Path(part).name if part.startswith("/") else part for part in process.cmdline())[:70]
        print(
            f"{memory.pss / MIB:8.1f} MiB PSS {memory.rss / MIB:8.1f} MiB RSS {process.num_threads():3} threads  {command}"
        )
    print(f"{total / MIB:8.1f} MiB PSS in all")


if __name__ == "__main__":
    main()
