"""`manage.py tell_tone`: the tone of comments without a schedule, and of those that were told before."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from feedback.scores import want_tones_anew
from feedback.tone.run import tell_tones


class Command(BaseCommand):
    help = "Tell how comments of users sound that wait for it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="First mark every comment: tell them all anew.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"]:
            self.stderr.write(f"{want_tones_anew():,} comments to tell")
        told = 0
        while done := tell_tones(now=timezone.now()):
            told += done
        self.stdout.write(f"{told:,} comments told")
