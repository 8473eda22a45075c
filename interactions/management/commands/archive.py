"""`manage.py archive`: lists, checks and reads back what retention has archived, and runs retention by hand."""

from argparse import ArgumentParser, ArgumentTypeError
from collections import Counter
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from interactions.archive.files import ArchiveError, forget_missing
from interactions.models import ArchiveFile
from interactions.raw_data.kinds import KINDS
from interactions.raw_data.lease import LEASE, LEASE_S, WAIT_S
from interactions.retention.limits import project_bytes
from interactions.retention.run import retain
from observatory.core import formats
from observatory.core.leases import LeaseBusy, LeaseLost, holding
from observatory.metrics.thinning import thin
from observatory.projects.models import Project

OUR_KINDS = ("interactions", "spans", "events")


def restored_kinds() -> list[str]:
    """The kinds that can be read back; what speaks of the others last."""
    return [*OUR_KINDS, *(name for name, kind in KINDS.items() if kind.restore is not None)]


class Command(BaseCommand):
    help = "List, verify or restore archived raw data, or archive and delete what is due now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        doors = parser.add_subparsers(dest="door", required=True)
        for name, text in (
            ("list", "The files of the archive."),
            ("verify", "Compare every file with the manifest: there, unchanged, complete."),
            ("restore", "Read files back into a project of their own; again is safe."),
            ("forget", "Forget the files that are no longer there: deleted by hand, or by a rule of the storage."),
            ("sizes", "About how much each kind of raw data takes in each project."),
            ("run", "Archive and delete what is too old or too much, now; without --project, thin metrics too."),
        ):
            door = doors.add_parser(name, help=text)
            door.add_argument("--project", required=name == "restore", help="Slug; without it all projects.")
            if name in {"list", "restore"}:
                door.add_argument("--kind", choices=restored_kinds() if name == "restore" else None)
                door.add_argument("--since", type=_day, metavar="YYYY-MM-DD")
                door.add_argument("--until", type=_day, metavar="YYYY-MM-DD", help="Inclusive.")
            if name == "restore":
                door.add_argument("--into", metavar="SLUG", help="Default: SLUG-restored. Made if it is not there.")

    def handle(self, *args: Any, **options: Any) -> None:
        projects = Project.objects.all()
        if options["project"]:
            projects = projects.filter(slug=options["project"])
            if not projects:
                raise CommandError(f"There is no project {options['project']}.")
        try:
            getattr(self, f"_{options['door']}")(list(projects), options)
        except ArchiveError as error:
            raise CommandError(str(error)) from None
        except (LeaseBusy, LeaseLost) as lease:
            raise CommandError(f"Another process holds the lease {lease}; run it again later, again is safe.") from None

    def _list(self, projects: list[Project], options: dict[str, Any]) -> None:
        files = _chosen(ArchiveFile.objects.filter(project__in=projects).select_related("project"), options)
        for file in files:
            self.stdout.write(
                f"{file.project.slug} {file.kind} {file.day} {file.rows} rows {file.size_bytes} bytes {file.name}"
            )
        self.stderr.write(f"{len(files)} files")

    def _verify(self, projects: list[Project], options: dict[str, Any]) -> None:
        from interactions.archive.verify import problems  # heavy: pyarrow

        found = [line for project in projects for line in problems(project)]
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(f"{len(found)} problems")
        self.stderr.write(f"{ArchiveFile.objects.filter(project__in=projects).count()} files are as the manifest says.")

    def _restore(self, projects: list[Project], options: dict[str, Any]) -> None:
        from interactions.archive.restore import restore_file, restored_project  # heavy: pyarrow

        (source,) = projects
        kinds = [options["kind"]] if options["kind"] else restored_kinds()
        found_files = _chosen(ArchiveFile.objects.filter(project=source, kind__in=kinds), options)
        files = sorted(found_files, key=lambda file: (kinds.index(file.kind), file.day))
        if not files:
            raise CommandError("No archived file fits: see `archive list`.")
        found: Counter[str] = Counter()
        target = restored_project(source, options["into"] or f"{source.slug[:55]}-restored")
        for file in files:
            found += restore_file(file, target, now=timezone.now())
        self.stdout.write(
            f"{len(files)} files: {found['stored']} records restored into {target.slug}, {found['duplicate']} were there."
        )

    def _forget(self, projects: list[Project], options: dict[str, Any]) -> None:
        with holding(LEASE, seconds=LEASE_S, wait_s=WAIT_S):
            names = [name for project in projects for name in forget_missing(project)]
        for name in names:
            self.stdout.write(name)
        self.stderr.write(f"{len(names)} files forgotten")

    def _sizes(self, projects: list[Project], options: dict[str, Any]) -> None:
        for project in projects:
            for kind, size in project_bytes(project.pk).items():
                self.stdout.write(f"{project.slug} {kind} {formats.size(size)}")

    def _run(self, projects: list[Project], options: dict[str, Any]) -> None:
        for project in projects:
            done = retain(now=timezone.now(), only=project)
            self.stdout.write(f"{project.slug}: {done.rows} rows deleted, {done.waiting} windows wait")
        if not options["project"]:  # buckets of all projects are thinned together
            self.stdout.write(f"{thin(now=timezone.now())} stretches of metrics thinned")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no day: write it like 2026-01-31.") from None


def _chosen(files: Any, options: dict[str, Any]) -> list[ArchiveFile]:
    if options.get("kind"):
        files = files.filter(kind=options["kind"])
    if options.get("since"):
        files = files.filter(day__gte=options["since"])
    if options.get("until"):
        files = files.filter(day__lte=options["until"])
    return list(files)
