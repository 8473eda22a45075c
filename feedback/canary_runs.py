"""Asking judges about canaries: each once a day. While a judge is away, one canary is asked now and then."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from feedback.canaries import MOST_CANARIES
from feedback.ids import NAMESPACE
from feedback.models import Canary, CanaryRun, EvaluatorSetting, Judge, State
from feedback.quality.batches.in_use import InUse, in_use
from feedback.quality.batches.keeping import kept
from feedback.quality.catalogue import evaluators_of
from feedback.quality.evaluator import Request, Result
from feedback.quality.exchanges import Exchange
from feedback.quality.judge.failures import NoJudge
from feedback.quality.judge.open import OpenJudge, open_judge
from feedback.quality.run import judged
from interactions.models import Interaction
from observatory.core.leases import LeaseLost, acquire, fence, release
from observatory.projects.models import Project

LEASE_S = 60
AT_ONCE = 15
FIRST_WAIT, LONGEST_WAIT = timedelta(hours=1), timedelta(hours=6)
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Round:
    """What one evaluator is to be asked today. `failed_at`: when one of its canaries failed last today, if one did."""

    use: InUse
    due: Sequence[Canary]
    failed_at: datetime | None


def run_everywhere(*, now: datetime) -> None:
    """Ask the judges of all projects what was not asked today."""
    for project_id in Project.objects.filter(pk__in=Canary.objects.values("project_id")).values_list("id", flat=True):
        run(project_id, now=now)


def run(project_id: int, *, now: datetime, is_asked_for: bool = False) -> int:
    """Ask the project's judge about the canaries that are due today; how many verdicts were written.

    What failed today is due again after a while, or at once if somebody asks for it. 0 without a judge, and if another
    process is at it.
    """
    canaries = list(Canary.objects.filter(project_id=project_id, is_on=True).order_by("id")[:MOST_CANARIES])
    lease = lease_of(project_id)
    if not canaries or not acquire(lease, now=timezone.now(), seconds=LEASE_S):
        return 0
    try:
        with kept(lease, seconds=LEASE_S), open_judge(project_id, now=now) as judge:
            rounds = [_round(canaries, use, now) for use in _uses(project_id, judge)]
            return _ask_all(rounds, judge, now) if is_asked_for or _is_due(rounds, judge, now) else 0
    except NoJudge:
        return 0
    except LeaseLost:
        logger.warning("Another process holds the lease %s; canaries are asked there.", lease)
        return 0
    finally:
        release(lease)


def lease_of(project_id: int) -> str:
    """One process asks about the canaries of a project at a time."""
    return f"canaries:{project_id}"


def _uses(project_id: int, judge: OpenJudge) -> Iterator[InUse]:
    """The project's evaluators that are on and ask the judge."""
    rows = EvaluatorSetting.objects.filter(project_id=project_id, is_on=True)
    on = set(rows.values_list("evaluator", flat=True))
    return (in_use(project_id, one, judge) for one in evaluators_of(project_id) if one.name in on and one.has_judge)


def _round(canaries: Sequence[Canary], use: InUse, now: datetime) -> Round:
    """One verdict a canary and day: what failed is asked again, after the others, and replaced."""
    today = CanaryRun.objects.filter(canary__in=canaries, evaluator=use.name, version=use.version, on=now.date())
    rows = list(today.values_list("canary_id", "state", "ran_at"))
    failed = {key: ran_at for key, state, ran_at in rows if state == State.FAILED}
    done = {key for key, _, _ in rows} - failed.keys()
    due = sorted((one for one in canaries if one.pk not in done), key=lambda one: one.pk in failed)
    return Round(use, due, max(failed.values(), default=None))


def _is_due(rounds: Sequence[Round], judge: OpenJudge, now: datetime) -> bool:
    """After a failure only when as much time has passed as the day had then, and while half of its budget is left.

    Whoever changes the judge has it asked at once.
    """
    failed_at = max((one.failed_at for one in rounds if one.failed_at), default=None)
    if failed_at is None:
        return True
    row = Judge.objects.filter(project_id=judge.project_id).first()
    if row is None:
        return False  # removed meanwhile
    calls, usd = judge.budget.calls_left, judge.budget.usd_left
    if calls is not None and calls * 2 < (row.daily_calls or 0):
        return False
    if usd is not None and usd * 2 < (row.daily_usd or 0):
        return False
    elapsed = failed_at - datetime.combine(failed_at.astimezone(UTC).date(), time(), UTC)
    return row.changed_at > failed_at or now - failed_at >= max(FIRST_WAIT, min(LONGEST_WAIT, elapsed))


def _ask_all(rounds: Sequence[Round], judge: OpenJudge, now: datetime) -> int:
    """Those that failed before come last. A judge that is away is asked by no other evaluator."""
    written = 0
    for one in sorted(rounds, key=lambda one: one.failed_at is not None):
        number, is_away = _ask(one, judge, now)
        written += number
        if is_away:
            break
    return written


def _ask(one: Round, judge: OpenJudge, now: datetime) -> tuple[int, bool]:
    """One canary first, then some at once, until all of them fail. How many were written, and whether the judge is away."""
    written, use = 0, one.use
    for some in _groups(one.due):
        requests = [Request(exchange_of(canary, now=now), use.threshold, use.options) for canary in some]
        results = judged(use.evaluator, requests, judge)
        made = [_run(canary, use, result, now) for canary, result in zip(some, results, strict=True)]
        written += _write(lease_of(judge.project_id), made)
        if all(result.state == State.FAILED for result in results):
            return written, any(result.is_worth_retrying for result in results)
    return written, False


def _groups(due: Sequence[Canary]) -> Iterator[Sequence[Canary]]:
    yield from (some for some in (due[:1], *(due[at : at + AT_ONCE] for at in range(1, len(due), AT_ONCE))) if some)


def _write(lease: str, runs: Sequence[CanaryRun]) -> int:
    """Nothing of a canary that was deleted while the judge thought: an erasure may have taken it."""
    with transaction.atomic():
        fence(lease, now=timezone.now(), seconds=LEASE_S)
        rows = Canary.objects.filter(pk__in=[one.canary_id for one in runs]).order_by("pk")
        here = set(rows.select_for_update(no_key=True).values_list("pk", flat=True))
        found = [one for one in runs if one.canary_id in here]
        CanaryRun.objects.bulk_create(
            found,
            update_conflicts=True,
            unique_fields=["canary", "evaluator", "version", "on"],
            update_fields=["state", "value", "is_passed", "comment", "ran_at"],
        )
    return len(found)


def exchange_of(canary: Canary, *, now: datetime) -> Exchange:
    """The canary as an evaluator is given it: its interaction is not stored."""
    key: UUID = uuid5(NAMESPACE, f"canary {canary.pk}")
    interaction = Interaction(project_id=canary.project_id, interaction_id=key, trace_id=key.hex, asked_at=now)
    return Exchange(interaction, canary.question, canary.answer, tuple(canary.passages), canary.reference)


def _run(canary: Canary, use: InUse, result: Result, now: datetime) -> CanaryRun:
    is_scored = result.state == State.SCORED
    return CanaryRun(
        canary=canary,
        evaluator=use.name,
        version=use.version,
        state=result.state,
        value=result.value if is_scored else None,
        is_passed=result.is_passed if is_scored else None,
        comment=result.reason[:2_000],
        on=now.date(),
        ran_at=now,
    )
