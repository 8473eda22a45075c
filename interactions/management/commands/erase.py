"""`manage.py erase`: forget a user or a session, now."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from interactions.archive.files import ArchiveError
from interactions.erasure.holds import ProjectHeld
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

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['project']}.")
        kind = Erasure.Kind.USER if options["user"] else Erasure.Kind.SESSION
        subject, now = options["user"] or options["session"], timezone.now()
        try:
            row = request_erasure(project=project, kind=kind, subject=subject, by="command", now=now)
            self.stdout.write(json.dumps(receipt(erase(row, now=now)), indent=2))
        except ProjectHeld as held:
            raise CommandError(str(held)) from None
        except (LeaseBusy, LeaseLost) as lease:
            raise CommandError(f"Another process holds the lease {lease}; the erasure waits for the worker.") from None
        except (ArchiveError, DatabaseError, OSError) as error:
            raise CommandError(f"The erasure waits for the worker, since it failed: {error}") from None
