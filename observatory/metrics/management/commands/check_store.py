"""`manage.py check_store`: what the database is, what of TimescaleDB is in use, and what is used instead."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from observatory.metrics.size_report import size_lines
from observatory.metrics.store_report import report


class Command(BaseCommand):
    help = "Print the kind, version and size of the database, and what of TimescaleDB is in use; 1 if `migrate` is due."

    def handle(self, *args: Any, **options: Any) -> None:
        found = report()
        self.stdout.write("\n".join([*found.lines, *size_lines(now=timezone.now())]))
        if found.to_do:
            raise CommandError(found.to_do)
