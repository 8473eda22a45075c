"""`manage.py rollup`: the roll-up without a broker, and the rebuilding of buckets."""

import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from observatory.metrics.rollup.follow import follow
from observatory.metrics.rollup.rebuild import mark_all_stale
from observatory.metrics.rollup.run import roll_up


class Command(BaseCommand):
    help = "Recompute the buckets of metrics that are stale, once or again and again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--follow", action="store_true", help="Go on until stopped: the way to run without a broker.")
        parser.add_argument("--all", action="store_true", help="First mark every minute that has facts stale.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"]:
            self.stderr.write(f"{mark_all_stale()} minutes to recompute")
        if options["follow"]:
            follow(stopped=threading.Event())
            return
        self.stderr.write(f"{roll_up(now=timezone.now())} buckets recomputed")
