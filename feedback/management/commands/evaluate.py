"""`manage.py evaluate`: an evaluation from the command line, carried out here and now, without a broker."""

import threading
import time
from argparse import ArgumentParser
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qsl

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from feedback.models import Batch
from feedback.quality.batches.follow import follow
from feedback.quality.batches.plan import Plan, plan_of
from feedback.quality.batches.run import run_waiting
from feedback.quality.batches.status import AT_WORK
from feedback.quality.batches.tally import Tally
from feedback.quality.batches.wish import CannotEvaluate, Wish, ask
from observatory.core.errors import ApiError
from observatory.core.formats import dollars
from observatory.core.parameters import moment
from observatory.projects.management.commands.create_key import find_project

BY = "command"
SPELL_S, LOOK_AGAIN_S = 2.0, 0.5


class Command(BaseCommand):
    help = "Have evaluators judge the answers of a project, within a budget; what has a verdict is passed by."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", nargs="?", help="Slug of the project.")
        parser.add_argument("--evaluator", action="append", default=[], metavar="NAME", help="Repeatable.")
        parser.add_argument("--since", default="", help="Asked from then on, ISO 8601.")
        parser.add_argument("--until", default="", help="Asked before, ISO 8601; default: now.")
        parser.add_argument("--filter", default="", metavar="QUERY", help="As in the list of interactions: model=m&tag=t.")
        parser.add_argument("--sample", type=float, default=1.0, metavar="SHARE", help="Share of the answers, 0 to 1.")
        parser.add_argument("--most-calls", type=int, metavar="N", help="Budget: calls of the judge.")
        parser.add_argument("--most-usd", metavar="AMOUNT", help="Budget in USD.")
        parser.add_argument("--again", action="store_true", help="Also what has a verdict of this version.")
        parser.add_argument("--plan", action="store_true", help="Only tell what it would take.")
        parser.add_argument("--progress", action="store_true", help="Show a bar also where the output is no terminal.")
        parser.add_argument("--follow", action="store_true", help="Carry out whatever is asked for, until stopped.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["follow"]:
            follow(stopped=threading.Event())
            return
        if not options["project"]:
            raise CommandError("Name the project, or --follow.")
        wish, now = _wish(options), timezone.now()
        try:
            self._tell(plan_of(wish, now=now))
            if options["plan"]:
                return
            batch = ask(wish, trigger=Batch.Trigger.PERSON, by=BY, now=now)
        except CannotEvaluate as refusal:
            raise CommandError(f"{refusal.field}: {refusal}" if refusal.field else str(refusal)) from None
        self._work(batch, is_shown=options["progress"])
        self._report(batch)

    def _tell(self, plan: Plan) -> None:
        more = "at least " if plan.is_at_least else ""
        cost = "cost unknown" if plan.usd is None else f"about {dollars(plan.usd)}"
        self.stderr.write(f"{more}{plan.answers:,} answers, {plan.calls:,} calls of the judge, {cost}")

    def _work(self, batch: Batch, *, is_shown: bool) -> None:
        """Until it ends, whoever works on it: the worker of a running system helps."""
        with tqdm(total=batch.total, unit=" interactions", disable=False if is_shown else None) as bar:
            while True:
                groups = run_waiting(seconds=SPELL_S, project_id=batch.project_id)
                batch.refresh_from_db()
                bar.total = batch.total
                bar.update(batch.looked_at - bar.n)
                if batch.status not in AT_WORK or batch.wait_until:
                    return
                if not groups:
                    time.sleep(LOOK_AGAIN_S)

    def _report(self, batch: Batch) -> None:
        tally = Tally.of_json(batch.counts)
        for name in batch.evaluators:
            one = tally.of(name)
            words = [f"{one.scored:,} scored", f"{one.not_scorable:,} not scorable", f"{one.failed:,} failed"]
            words += [f"{one.already:,} had a verdict"] if one.already else []
            words += [f"mean {one.mean:.2f}"] if one.mean is not None else []
            if one.interval and one.pass_rate is not None:
                low, high = (100 * end for end in one.interval)
                words.append(f"{100 * one.pass_rate:.1f} % passed (95 %: {low:.1f} to {high:.1f})")
            self.stdout.write(f"{name}: {', '.join(words)}")
            for reason, number in one.failures.items():
                self.stdout.write(f"  failed {number:,}: {reason}")
        self.stdout.write(f"{batch.calls:,} calls, {dollars(batch.cost_usd)}. Evaluation {batch.pk}: {batch.status}.")
        if batch.reason:
            self.stdout.write(batch.reason)


def _wish(options: dict[str, Any]) -> Wish:
    try:
        usd = Decimal(options["most_usd"]) if options["most_usd"] else None
    except InvalidOperation:
        raise CommandError("--most-usd: expected an amount") from None
    return Wish(
        find_project(options["project"], create=False).pk,
        options["evaluator"],
        filters=dict(parse_qsl(options["filter"])),
        since=_time(options, "since"),
        until=_time(options, "until"),
        sample_rate=options["sample"],
        is_again=options["again"],
        most_calls=options["most_calls"],
        most_usd=usd,
    )


def _time(options: dict[str, Any], name: str) -> datetime | None:
    try:
        return moment(options, name)
    except ApiError as error:
        raise CommandError(f"--{name}: {error}") from None
