"""`manage.py estimate`: estimates without a broker, and of what was stored before."""

import threading
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from feedback.follow import follow
from feedback.marks import mark_all
from feedback.models import UnscoredTrace
from feedback.scoring import score_waiting
from observatory.projects.management.commands.create_key import find_project

SPELL_S = 1.0
LOOK_AGAIN_S = 0.5  # while another process is at it


class Command(BaseCommand):
    help = "Estimate the quality of answers that wait for it, and tie scores that came before their answers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--follow", action="store_true", help="Go on until stopped: the way to run without a broker.")
        parser.add_argument("--all", action="store_true", help="First mark every answer: make all estimates anew.")
        parser.add_argument("--project", metavar="SLUG", help="With --all: only those of this project.")

    def handle(self, *args: Any, **options: Any) -> None:
        project = find_project(options["project"], create=False) if options["project"] else None
        if options["all"]:
            self.stderr.write(f"{mark_all(project.pk if project else None):,} traces to estimate")
        if options["follow"]:
            follow(stopped=threading.Event())
            return
        self.stderr.write(f"{self._work_off():,} changes scored")

    def _work_off(self) -> int:
        """Until nothing waits, whoever does it: the worker of a running system helps."""
        marks, handled = UnscoredTrace.objects.waiting(), 0
        with tqdm(total=marks.count(), unit=" changes", disable=None) as bar:
            while marks.exists():
                done = score_waiting(seconds=SPELL_S)
                handled += done
                bar.update(done)
                if not done:
                    time.sleep(LOOK_AGAIN_S)
        return handled
