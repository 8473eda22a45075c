"""`manage.py erase`: forget a user or a session, now."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from interactions.archive.files import ArchiveError
from interactions.erasure.holds import ProjectHeld, refuse_if_held, with_restorations
from interactions.erasure.preview import count_all
from interactions.erasure.receipt import receipt
from interactions.erasure.requests import request_erasure
from interactions.erasure.run import erase
from interactions.models import Erasure
from observatory.core.leases import LeaseBusy, LeaseLost
from observatory.projects.models import Project


class Command(BaseCommand):
    help = "Erase a user or a session of a project: facts, texts, search, archives. Prints the receipt."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", required=True, help="Slug of the project.")
        subject = parser.add_mutually_exclusive_group(required=True)
        subject.add_argument("--user", metavar="ID")
        subject.add_argument("--session", metavar="ID")
        parser.add_argument("--dry-run", action="store_true", help="Count what would go, and erase nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['project']}.")
        kind = Erasure.Kind.USER if options["user"] else Erasure.Kind.SESSION
        subject = options["user"] or options["session"]
        try:
            if options["dry_run"]:
                self._count(project, kind, subject)
            else:
                self._erase(project, kind, subject)
        except ProjectHeld as held:
            raise CommandError(str(held)) from None
        except (LeaseBusy, LeaseLost) as lease:
            raise CommandError(f"Another process holds the lease {lease}; {_waits(options)}.") from None
        except (ArchiveError, DatabaseError, OSError) as error:
            raise CommandError(f"{_waits(options).capitalize()}, since it failed: {error}") from None

    def _count(self, project: Project, kind: str, subject: str) -> None:
        refuse_if_held(with_restorations(project))
        counts = count_all(project=project, kind=kind, subject=subject).counts
        if not counts:
            self.stdout.write(f"Nothing was found for {kind} {subject} in {project.slug}.")
            return
        words = ", ".join(f"{number:,} {name}" for name, number in sorted(counts.items()))
        self.stdout.write(f"Of {kind} {subject} in {project.slug} would go: {words}. Nothing was erased.")

    def _erase(self, project: Project, kind: str, subject: str) -> None:
        now = timezone.now()
        row = request_erasure(project=project, kind=kind, subject=subject, by="command", now=now)
        done = erase(row, now=now)
        self.stdout.write(json.dumps(receipt(done), indent=2))
        if done.status == Erasure.Status.DONE and not done.counts:  # beside the receipt, which programs read
            self.stderr.write(f"Nothing was found for {kind} {subject} in {project.slug}.")


def _waits(options: dict[str, Any]) -> str:
    return "nothing was counted" if options["dry_run"] else "the erasure waits for the worker"
