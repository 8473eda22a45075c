"""`manage.py draw_reviews`: puts answers into the review queue now, as the schedule does each hour."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from feedback.review.draw import draw
from observatory.projects.management.commands.create_key import find_project


class Command(BaseCommand):
    help = "Draw answers for review: at random, unsure ones, and those on which judge and user disagree."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", metavar="SLUG")

    def handle(self, *args: Any, **options: Any) -> None:
        drawn = draw(find_project(options["project"], create=False).pk, now=timezone.now())
        self.stdout.write(
            f"{drawn.all} drawn: {drawn.random} at random, {drawn.unsure} unsure, "
            f"{drawn.disagree} on which judge and user disagree"
        )
