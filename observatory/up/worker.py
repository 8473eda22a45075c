"""`python -m observatory.up.worker`: Celery's worker and more threads: the followers, renewal and beat.

The followers look at the database themselves, so digest and roll-up go on while the broker is away. `celery worker -B`
would make beat a second process (40 MB) and go on without it when it dies. Where several workers run, beat runs apart,
once: `--without-beat`, see deploy/.
"""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any, ClassVar

from celery import beat, bootsteps, signals
from celery.platforms import EX_OK
from celery.worker import state
from django.db import connections

from observatory.celery import app
from observatory.core import page_cache
from observatory.up import renewal

WITHOUT_BEAT = "--without-beat"
LOOK_EVERY_S = 2.0
WAIT_FOR_THREADS_S = 10.0
logger = logging.getLogger(__name__)
asked_to_stop = threading.Event()


class ThreadBeside(bootsteps.StartStopStep):
    """Runs `work` beside the worker and stops with it. When it fails the worker ends too, to be started anew."""

    label = "thread"
    threads: ClassVar[list[threading.Thread]] = []

    def start(self, worker: Any) -> None:
        thread = threading.Thread(target=self._run, name=self.label, daemon=True)
        self.threads.append(thread)
        thread.start()

    def work(self) -> None:
        raise NotImplementedError

    def _run(self) -> None:
        try:
            self.work()
        except Exception:
            logger.exception("%s ended; so does the worker.", self.label)
            os.kill(os.getpid(), signal.SIGTERM)


class FollowThread(ThreadBeside):
    """Looks for work that nobody rang for."""

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self.stopped = threading.Event()

    def stop(self, worker: Any) -> None:
        self.stopped.set()

    terminate = stop

    def work(self) -> None:
        try:
            self.follow()
        finally:
            connections.close_all()

    def follow(self) -> None:
        raise NotImplementedError


# Their imports wait: the models are ready only when the worker has been set up.
class DigestThread(FollowThread):
    label = "digest"

    def follow(self) -> None:
        from interactions.digest.follow import follow

        follow(every_s=LOOK_EVERY_S, stopped=self.stopped)


class RollUpThread(FollowThread):
    label = "roll-up"

    def follow(self) -> None:
        from interactions.digest.run import is_at_work
        from observatory.metrics.rollup.follow import follow

        follow(stopped=self.stopped, is_alone=lambda: not is_at_work())


class ScoringThread(FollowThread):
    label = "scoring"

    def follow(self) -> None:
        from feedback.follow import follow

        follow(stopped=self.stopped)


class EvaluationThread(FollowThread):
    label = "evaluations"

    def follow(self) -> None:
        from feedback.quality.batches.follow import follow

        follow(stopped=self.stopped)


class WatchThread(FollowThread):
    label = "watch"

    def follow(self) -> None:
        from observatory.watch.run import follow

        follow(stopped=self.stopped)


class RenewalThread(FollowThread):
    """Stops the worker, tasks finished, when it is to start anew."""

    label = "renewal"
    is_due = threading.Event()

    def follow(self) -> None:
        process = renewal.Renewal()
        while not self.stopped.wait(renewal.LOOK_EVERY_S):
            if process.look():
                logger.info("The worker is idle and holds much that it does not need: it starts anew.")
                self.is_due.set()
                state.should_stop = EX_OK
                return


class BeatThread(ThreadBeside):
    """Sends the periodic tasks that the schedule in the database names."""

    label = "beat"

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self.service = beat.Service(worker.app, scheduler_cls=worker.app.conf.beat_scheduler)

    def stop(self, worker: Any) -> None:
        self.service.stop(wait=False)

    terminate = stop

    def work(self) -> None:
        self.service.start()


def main(arguments: Sequence[str]) -> None:
    # Django's checks would load every page, 15 MB, into a process that shows none.
    os.environ.setdefault("CELERY_SKIP_CHECKS", "true")
    app.steps["worker"] |= {DigestThread, RollUpThread, ScoringThread, EvaluationThread, WatchThread, RenewalThread}
    if WITHOUT_BEAT not in arguments:
        app.steps["worker"].add(BeatThread)
    signals.task_postrun.connect(empty_page_cache)
    signals.worker_shutting_down.connect(note_stop)
    # Not by Celery's command line, which brings an interactive shell of 10 MB. One worker has nobody to gossip with.
    worker = app.Worker(
        pool_cls="threads",
        concurrency=4,
        loglevel="INFO",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    if RenewalThread.is_due.is_set():
        start_anew(arguments)
    sys.exit(worker.exitcode)


def empty_page_cache(**_: Any) -> None:
    page_cache.empty()


def note_stop(**_: Any) -> None:
    """Sent when a signal asks to stop."""
    asked_to_stop.set()


def start_anew(arguments: Sequence[str]) -> None:
    """Take the place of this process, under its id. What a thread still works on is found again, as after a kill."""
    deadline = time.monotonic() + WAIT_FOR_THREADS_S
    for thread in ThreadBeside.threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    if not asked_to_stop.is_set():  # by a signal, meanwhile
        os.execv(sys.executable, [sys.executable, "-m", "observatory.up.worker", *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
