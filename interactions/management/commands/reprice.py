"""`manage.py reprice`: what the calls of a period would cost by today's price book; with --apply, that they do."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from interactions.models import Repricing
from interactions.models.price import EVER
from interactions.repricing.requests import CannotReprice, confirm, request_repricing
from interactions.repricing.run import LEASE, reprice_waiting
from interactions.repricing.tally import Change, Tally
from observatory.core.errors import ApiError
from observatory.core.formats import dollars
from observatory.core.parameters import moment
from observatory.projects.models import Project

BY = "command"


class Command(BaseCommand):
    help = "Count what re-pricing a period would change; with --apply change it. Costs given by clients stand."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", required=True, help="Slug of the project.")
        parser.add_argument("--since", default="", help="Begin of the period, ISO 8601; default: the oldest facts.")
        parser.add_argument("--until", default="", help="End of the period, ISO 8601, not included; default: now.")
        parser.add_argument("--model", action="append", default=[], metavar="NAME", help="Only this model; repeatable.")
        parser.add_argument("--apply", action="store_true", help="Carry it out after counting.")

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['project']}.")
        now = timezone.now()
        try:
            job = request_repricing(
                project=project,
                since=_time(options, "since", EVER),
                until=_time(options, "until", now),
                models=options["model"],
                by=BY,
                now=now,
            )
            self._work(job, "would change")
            if options["apply"] and job.status == Repricing.Status.READY:
                confirm(job, by=BY, now=timezone.now())
                self._work(job, "changed")
        except CannotReprice as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"Record {job.pk} under Prices, Re-pricing.")

    def _work(self, job: Repricing, verb: str) -> None:
        reprice_waiting()
        job.refresh_from_db()
        if job.is_at_work:
            raise CommandError(f"Another process holds the lease {LEASE}; re-pricing {job.pk} waits for the worker.")
        if job.status == Repricing.Status.STOPPED:
            raise CommandError(job.reason)
        tally = Tally.of_json(job.found)
        if job.facts_from:
            self.stdout.write(f"Facts before {job.facts_from:%Y-%m-%d %H:%M} UTC were deleted; their costs stand.")
        self.stdout.write(f"{tally.whole.changed:,} of {tally.seen:,} interactions {verb}: {_words(tally.whole)}")
        for name, change in sorted(tally.by_model.items()):
            self.stdout.write(f"  {name}: {change.changed:,} of {change.n:,} calls, {_words(change)}")
        if job.reason:
            self.stdout.write(job.reason)
        if tally.incomplete:
            self.stdout.write(f"{tally.incomplete:,} interactions were left alone: some of their facts are missing or new.")


def _words(change: Change) -> str:
    words = f"{dollars(change.known_before)} -> {dollars(change.known_after)}, {change.closed:,} got their first price"
    words += f", {change.given:,} have a cost from the client, which stands" if change.given else ""
    return words + (f", {change.lost:,} have no known price any more" if change.lost else "")


def _time(options: dict[str, Any], name: str, default: datetime) -> datetime:
    try:
        return moment(options, name) or default
    except ApiError as error:
        raise CommandError(f"--{name}: {error}") from None
