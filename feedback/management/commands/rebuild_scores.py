"""`manage.py rebuild_scores`: the scores that follow from stored facts, made anew."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from feedback.intake.rebuild import rebuild
from observatory.projects.models import Project


class Command(BaseCommand):
    help = "Make the scores of stored evaluation events and feedback of web pages anew, and tie what waits. Again is safe."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", metavar="SLUG", help="Without it all projects.")

    def handle(self, *args: Any, **options: Any) -> None:
        projects = Project.objects.all()
        if options["project"]:
            projects = projects.filter(slug=options["project"])
            if not projects:
                raise CommandError(f"There is no project {options['project']}.")
        for project in projects:
            done = rebuild(project.pk, now=timezone.now())
            self.stdout.write(f"{project.slug}: {done.facts} facts told again, {done.tied} waiting scores tied")
