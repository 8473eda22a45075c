"""`manage.py digest`: the digest without a broker, and the rebuilding of what is derived."""

import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from interactions.digest.follow import follow
from interactions.digest.rebuild import mark_all_stale
from interactions.digest.run import digest_until_empty
from interactions.digest.user_days import refresh

LOOK_EVERY_S = 0.5


class Command(BaseCommand):
    help = "Assemble, price and index what is stale, once or again and again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--follow", action="store_true", help="Go on until stopped: the way to run without a broker.")
        parser.add_argument("--all", action="store_true", help="First mark every trace stale: rebuild all that is derived.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"]:
            self.stderr.write(f"{mark_all_stale()} traces to rebuild")
        if options["follow"]:
            follow(every_s=LOOK_EVERY_S, stopped=threading.Event())
            return
        self.stderr.write(f"{digest_until_empty()} changes digested")
        self.stderr.write(f"{refresh()} days of users made anew")
