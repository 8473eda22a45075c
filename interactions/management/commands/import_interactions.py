"""`manage.py import_interactions FILE --project P`: a file of interactions, the way of the API."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from tqdm import tqdm

from interactions.archive.settings import is_archiving
from interactions.ingest.files.formats import FORMATS, UnreadableFileError
from interactions.ingest.files.run import Report, import_file
from interactions.ingest.plan import Outcome
from interactions.models import StaleTrace
from interactions.raw_data.kinds import KINDS
from interactions.retention.limits import cutoff
from observatory.core.moments import EARLIEST, LATEST
from observatory.projects.management.commands.create_key import find_project
from observatory.projects.models import Project


class Command(BaseCommand):
    help = "Imports a file of interactions: JSON Lines, CSV or TSV. Run again, it finds duplicates only."

    def create_parser(self, *args: Any, **options: Any) -> Any:
        parser = super().create_parser(*args, **options)
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = "formats:\n" + "\n".join(f"  {one.name:10}{one.about}" for one in FORMATS.values())
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--project", required=True, help="slug of the project")
        parser.add_argument("--create-project", action="store_true", help="create the project if there is none")
        parser.add_argument("--format", choices=list(FORMATS), help="default: told from the columns, or the file's name")
        parser.add_argument("--start", metavar="TIME", help="move all times so that the first record falls there (ISO 8601)")
        parser.add_argument("--progress", action="store_true", help="show a progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        start = _moment(options["start"])
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path} is not a file.")
        project = find_project(options["project"], create=options["create_project"])
        began = timezone.now()
        with tqdm(total=path.stat().st_size, unit="B", unit_scale=True, disable=not options["progress"]) as bar:

            def show(size: int, report: Report) -> None:
                bar.set_postfix(_counts(report), refresh=False)
                bar.update(size)

            try:
                report = import_file(
                    path, project_id=project.id, format_name=options["format"], start=start, now=began, progress=show
                )
            except UnreadableFileError as error:
                raise CommandError(str(error)) from None
        self._say(report, path, seconds=(timezone.now() - began).total_seconds())
        if report.has_read_nothing:
            advice = " Without --format, the format is told from the columns." if options["format"] else ""
            rows = sum(report.rejected.values())
            raise CommandError(f"None of the {rows:,} rows of {path} could be read as {report.format}.{advice}")
        self._warn_of_retention(report, project)

    def _say(self, report: Report, path: Path, *, seconds: float) -> None:
        counts = _counts(report)
        words = ", ".join(f"{number:,} {word}" for word, number in counts.items())
        self.stdout.write(f"{path.name} ({report.format}): {words}, in {seconds:.1f} s")
        for reason, rejected in report.reasons.items():
            others = f" and {rejected.rows - 1:,} more" if rejected.rows > 1 else ""
            self.stdout.write(f"  line {rejected.line:,}{others}: {reason}")
        more = counts["rejected"] - sum(rejected.rows for rejected in report.reasons.values())
        if more > 0:
            reasons = ", ".join(f"{number:,} {code}" for code, number in report.rejected.most_common())
            self.stdout.write(f"  and {more:,} more; by reason: {reasons}")
        if StaleTrace.objects.waiting().exists():
            self.stdout.write("A worker is still assembling; the last ones show in a moment.")

    def _warn_of_retention(self, report: Report, project: Project) -> None:
        until = cutoff(project, KINDS["interactions"], now=timezone.now())
        old = sum(number for day, number in report.days.items() if day < until.date())
        if not old or project.is_held or project.restored_from_id:
            return
        end = "archived, then deleted" if is_archiving() else "deleted"
        self.stdout.write(
            f"{old:,} of those stored are from before {until:%Y-%m-%d}, older than the project keeps raw data: within the "
            f"hour they are {end}. To keep them, give the project more days (in the admin: Projects); to try things out, "
            "import into a new project with --start."
        )


def _counts(report: Report) -> dict[str, int]:
    return {
        "stored": report.outcomes[Outcome.STORED],
        "duplicate": report.outcomes[Outcome.DUPLICATE],
        "rejected": sum(report.rejected.values()),
    }


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = parse_datetime(text) or datetime.fromisoformat(text)
        found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise CommandError(f"--start {text!r} is not a time: write it like 2026-01-31T09:00:00Z.") from None
    if not EARLIEST <= found < LATEST:
        raise CommandError(f"--start {text!r} does not lie from 1970 to 8999.")
    return found
