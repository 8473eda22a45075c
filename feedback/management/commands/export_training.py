"""`manage.py export_training`: writes answers that people rated or reviewed to a file, with a data card beside it."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from feedback.training.files import FORMATS, write_export
from feedback.training.wanted import SWITCHES, parse_wanted
from observatory.core.errors import ApiError
from observatory.projects.models import Project


class Command(BaseCommand):
    help = "Export answers that people rated or reviewed, as JSONL or Parquet, with a data card."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", help="Slug.")
        parser.add_argument("--to", required=True, metavar="FILE", help="FILE.card.json and FILE.card.md come beside it.")
        parser.add_argument("--format", choices=FORMATS, help="Default: by the name of the file, else jsonl.")
        parser.add_argument("--min-rating", metavar="1-5", help="Mean rating of its users, at least.")
        parser.add_argument("--max-rating", metavar="1-5", help="Mean rating of its users, at most.")
        parser.add_argument("--since", metavar="TIME", help="Asked at this time or later; ISO 8601.")
        parser.add_argument("--until", metavar="TIME", help="Asked before this time.")
        parser.add_argument(
            "--judged-min", metavar="NAME=VALUE,...", help="A judge's or the application's scores, at least."
        )
        parser.add_argument("--reviewed", action="store_true", help="Only what a reviewer looked at.")
        parser.add_argument("--with-signals", action="store_true", help="With what users did: clicks, repeated questions.")
        parser.add_argument("--with-people", action="store_true", help="With ids of users and sessions.")

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['project']}.")
        to = Path(options["to"])
        form = options["format"] or ("parquet" if to.suffix == ".parquet" else "jsonl")
        names = ("min_rating", "max_rating", "since", "until", "judged_min", *SWITCHES)
        try:
            wanted = parse_wanted(
                {name: str(options[name] or "").lower() if name in SWITCHES else str(options[name] or "") for name in names}
            )
            card = write_export(project, wanted, to=to, form=form, now=timezone.now(), progress=self._say)
        except ApiError as error:
            raise CommandError(f"--{str(error.field).replace('_', '-')}: {error}") from None
        except OSError as error:
            raise CommandError(f"{to}: {error.strerror}") from None
        self.stdout.write(f"{card['rows']} rows, {card['bytes']} bytes, SHA-256 {card['sha256']}: {to}")
        self.stderr.write(f"{card['left_out']} left out by filters, or without whole texts; the card is {to.name}.card.md")

    def _say(self, rows: int, last: datetime | None) -> None:
        if last:
            self.stderr.write(f"{rows} rows, up to {last:%Y-%m-%d %H:%M}")
