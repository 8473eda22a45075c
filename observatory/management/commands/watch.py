"""`manage.py watch`: looking at the machine and the pipeline without a broker."""

import threading
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from observatory.watch.run import follow, watcher

MEASURE_S = 1.0


class Command(BaseCommand):
    help = "Measure the machine and the pipeline, once or again and again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--follow", action="store_true", help="Go on until stopped: the way to run without a broker.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["follow"]:
            follow(stopped=threading.Event())
            return
        look = watcher()
        time.sleep(MEASURE_S)  # what is measured: CPU and network are those of a stretch of time
        look()
