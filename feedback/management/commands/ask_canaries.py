"""`manage.py ask_canaries`: asks the judge about the canaries that are due today, without waiting for the schedule."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from feedback.canary_runs import run
from observatory.projects.management.commands.create_key import find_project


class Command(BaseCommand):
    help = "Ask the judge of a project about its canaries, as far as they were not asked today."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", metavar="SLUG")

    def handle(self, *args: Any, **options: Any) -> None:
        written = run(find_project(options["project"], create=False).pk, now=timezone.now(), is_asked_for=True)
        self.stdout.write(f"{written} verdicts on canaries written")
