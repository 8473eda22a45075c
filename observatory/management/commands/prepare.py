"""`manage.py prepare`: everything between a new version of the code and serving it. It may run as often as one likes."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from interactions.models import Interaction
from observatory import schedule
from observatory.demo.state import is_interrupted
from observatory.metrics.rollup.rebuild import mark_if_never_rolled_up
from observatory.projects.models import Project
from observatory.projects.own import own_project
from observatory.up.credentials import DEMO_PROJECT, CredentialFile, ensure_admin, ensure_demo_key
from observatory.up.greeting import greeting
from observatory.up.static_files import collect_if_changed


class Command(BaseCommand):
    help = "Migrate the database, collect static files, write the schedule and the project of Observatory itself."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--local",
            metavar="URL",
            help="Also make the user admin and a demo project with a key, and print how to use them.",
        )
        parser.add_argument("--no-demo", action="store_true", help="With --local: load no demo data.")

    def handle(self, *, local: str | None, no_demo: bool, **options: Any) -> None:
        if _has_migrations_to_run():
            self.stderr.write("Setting up the database")
            call_command("migrate", interactive=False, verbosity=0)
        if collect_if_changed():
            self.stderr.write("Collected static files")
        schedule.seed()
        own_project()
        if marked := mark_if_never_rolled_up():
            self.stderr.write(f"Marked {marked} minutes for the roll-up")
        if local:
            self._prepare_local(local, load_demo=not no_demo)

    def _prepare_local(self, url: str, *, load_demo: bool) -> None:
        file = CredentialFile(settings.DATA_DIR / "credentials.json")
        password = ensure_admin(file)
        key = ensure_demo_key(file, now=timezone.now())
        if load_demo and _wants_demo():
            self.stderr.write("Loading demo data (without: --no-demo)")
            call_command("demo", stdout=self.stderr)
        self.stdout.write(greeting(url=url, key=key, password=password))


def _wants_demo() -> bool:
    """Whether the demo project is empty, or its loading was interrupted."""
    project = Project.objects.get(slug=DEMO_PROJECT)
    return is_interrupted(project) or not Interaction.objects.for_project(project).exists()


def _has_migrations_to_run() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
