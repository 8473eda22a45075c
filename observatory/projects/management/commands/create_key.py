"""`manage.py create_key PROJECT --scope ingest`: prints a new key, alone, on standard output."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from observatory.projects.keys import create_key
from observatory.projects.models import Project, Scope

MAX_DAYS = 3650


class Command(BaseCommand):
    help = "Creates an API key and prints it, alone, on standard output. It cannot be read again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", help="slug of the project")
        parser.add_argument("--create-project", action="store_true", help="create the project if there is none")
        parser.add_argument(
            "--scope", action="append", required=True, choices=Scope.values, dest="scopes", help="repeatable"
        )
        parser.add_argument("--name", default="", help="what the key is for; shown in the admin")
        parser.add_argument("--expires-days", type=int, metavar="N", help="days until the key stops working")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> str:
        days = options["expires_days"]
        if days is not None and not 1 <= days <= MAX_DAYS:
            raise CommandError(f"--expires-days must be from 1 to {MAX_DAYS}.")
        _, key = create_key(
            project=find_project(options["project"], create=options["create_project"]),
            scopes=options["scopes"],
            name=options["name"],
            expires_at=timezone.now() + timedelta(days=days) if days else None,
        )
        return key


def find_project(slug: str, *, create: bool) -> Project:
    project = Project.objects.filter(slug=slug).first()
    if project is not None:
        return project
    if not create:
        raise CommandError(f"There is no project {slug!r}; add --create-project to create it.")
    project = Project(slug=slug, name=slug.replace("-", " ").replace("_", " ").capitalize())
    try:
        project.full_clean()
    except ValidationError as error:
        raise CommandError(f"{slug!r} cannot be the slug of a project: {error.messages[0]}") from None
    project.save()
    return project
