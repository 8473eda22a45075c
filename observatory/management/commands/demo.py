"""`manage.py demo`: a month of five made-up applications in the project `demo`."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from interactions.digest.run import digest_until_empty
from observatory.demo.live import TICK_S
from observatory.demo.run import demo_project, ensure_loaded, expected_sessions, tick

MAX_DAYS = 90


class Command(BaseCommand):
    help = "Loads made-up but realistic data of five applications into the project demo. Run again, it adds nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=30, help="days of data up to now (default: 30)")
        parser.add_argument(
            "--follow",
            action="store_true",
            help="then send a few interactions a minute until Ctrl-C (needed only where no worker runs)",
        )

    def handle(self, *args: Any, days: int, follow: bool, **options: Any) -> None:
        if not 1 <= days <= MAX_DAYS:
            raise CommandError(f"--days must be from 1 to {MAX_DAYS}.")
        began = timezone.now()
        # No bar where nobody looks: tqdm asks the terminal.
        with tqdm(total=expected_sessions(days), unit=" sessions", disable=None) as bar:
            stored = ensure_loaded(days=days, now=began, progress=bar.update)
        if stored is None:
            self.stdout.write(f"The project {demo_project().slug} has its demo data already.")
        else:
            counts = ", ".join(f"{number:,} {kind}" for kind, number in stored.items())
            seconds = (timezone.now() - began).total_seconds()
            self.stdout.write(f"Loaded {counts} of {days} days into the project {demo_project().slug} in {seconds:.0f} s.")
        if follow:
            self._follow()

    def _follow(self) -> None:
        self.stdout.write("Sending a few interactions a minute. Ctrl-C stops.")
        try:
            while True:
                time.sleep(TICK_S - time.time() % TICK_S)
                sent = tick(now=timezone.now())
                digest_until_empty()
                if sent:
                    self.stdout.write(f"{timezone.now():%H:%M:%S} sent {sent} records")
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
