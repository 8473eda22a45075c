"""`python -m observatory.up.worker`: Celery's worker with beat as one of its threads.

`celery worker -B` makes beat a second process (40 MB) and goes on without it when it dies. Servers for many run
`celery worker` and `celery beat` apart instead: see deploy/.
"""

import logging
import os
import signal
import sys
import threading
from typing import Any

from celery import beat, bootsteps

from observatory.celery import app

logger = logging.getLogger(__name__)


class BeatThread(bootsteps.StartStopStep):
    """Runs beat beside the worker and stops with it. When beat fails the worker ends too, to be started anew."""

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self.service = beat.Service(worker.app, scheduler_cls=worker.app.conf.beat_scheduler)

    def start(self, worker: Any) -> None:
        threading.Thread(target=self._run, name="beat", daemon=True).start()

    def stop(self, worker: Any) -> None:
        self.service.stop(wait=False)

    terminate = stop

    def _run(self) -> None:
        try:
            self.service.start()
        except Exception:
            logger.exception("Beat ended; so does the worker.")
            os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    app.steps["worker"].add(BeatThread)
    options = ["--pool=threads", "--concurrency=4", "--loglevel=INFO"]
    # One worker has nobody to gossip with.
    options += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    app.worker_main(["worker", *options, *sys.argv[1:]])


if __name__ == "__main__":
    main()
