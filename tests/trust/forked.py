"""Run as a program: loads the application once, and forks a serving process for each port that it reads, whose id it prints.

A start takes longer than the work between two kills, and all but a little of it is Python reading the same modules again.
"""

import os
import signal
import sys

import uvicorn

import observatory.asgi  # noqa: F401  what the children serve, and need not load again


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks this process how its children ended
    for line in sys.stdin:
        child = os.fork()
        if not child:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            serve(int(line))
            os._exit(0)
        print(child, flush=True)


def serve(port: int) -> None:
    """As `up` does."""
    uvicorn.run(
        "observatory.asgi:application",
        host="127.0.0.1",
        port=port,
        http="httptools",
        loop="uvloop",
        ws="none",
        lifespan="on",
        access_log=False,
    )


if __name__ == "__main__":
    main()
