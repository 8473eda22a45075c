"""Canaries: answers with a known verdict that the judge is asked each day. If their scores move, the judge has moved."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone

from feedback.canary_set import STARTERS
from feedback.ids import NAMESPACE
from feedback.models import Canary, CanaryRun, EvaluatorSetting, State
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

MOST_CANARIES = 50  # of a project: each costs calls of the judge every day
MAX_TEXT = 20_000
MAX_PASSAGES = 20
LEASE_S = 60
logger = logging.getLogger(__name__)


class CannotAdd(Exception):
    """Why a canary cannot be added."""


@dataclass(frozen=True, slots=True)
class NewCanary:
    name: str
    question: str
    answer: str
    is_good: bool
    passages: Sequence[str] = ()
    reference: str = ""
    interaction_id: UUID | None = None


def add(project_id: int, new: NewCanary, *, now: datetime) -> Canary:
    """Store a canary. CannotAdd says why not."""
    if not new.name.strip() or not new.answer.strip() or not new.question.strip():
        raise CannotAdd("A canary needs a name, a question and an answer.")
    if any("\x00" in text for text in (new.name, new.question, new.answer, new.reference, *new.passages)):
        raise CannotAdd("No text may hold a NUL.")
    if Canary.objects.filter(project_id=project_id).count() >= MOST_CANARIES:
        raise CannotAdd(f"A project has at most {MOST_CANARIES} canaries: each is asked every day.")
    try:
        with transaction.atomic():
            return Canary.objects.create(
                project_id=project_id,
                name=new.name.strip()[:120],
                question=new.question[:MAX_TEXT],
                answer=new.answer[:MAX_TEXT],
                passages=[text[:MAX_TEXT] for text in new.passages if text.strip()][:MAX_PASSAGES],
                reference=new.reference[:MAX_TEXT],
                is_good=new.is_good,
                interaction_id=new.interaction_id,
                created_at=now,
            )
    except IntegrityError:
        raise CannotAdd("There is a canary with this name.") from None


def add_starters(project_id: int, *, now: datetime) -> int:
    """Add those of the packaged set that the project has not; how many."""
    known = set(Canary.objects.filter(project_id=project_id).values_list("name", flat=True))
    missing = [NewCanary(**one) for one in STARTERS if one["name"] not in known]
    for one in missing:
        add(project_id, one, now=now)
    return len(missing)


def switch(canary: Canary, *, is_on: bool) -> None:
    Canary.objects.filter(pk=canary.pk).update(is_on=is_on)


def run_everywhere(*, now: datetime) -> None:
    """Ask the judges of all projects what was not asked today."""
    for project_id in Project.objects.filter(pk__in=Canary.objects.values("project_id")).values_list("id", flat=True):
        run(project_id, now=now)


def run(project_id: int, *, now: datetime) -> int:
    """Ask the project's judge about the canaries that are due today; how many verdicts were written.

    0 without a judge, and if another process is at it.
    """
    canaries = list(Canary.objects.filter(project_id=project_id, is_on=True).order_by("id")[:MOST_CANARIES])
    lease = lease_of(project_id)
    if not canaries or not acquire(lease, now=timezone.now(), seconds=LEASE_S):
        return 0
    try:
        with kept(lease, seconds=LEASE_S), open_judge(project_id, now=now) as judge:
            return sum(_ask(canaries, use, judge, now) for use in _uses(project_id, judge))
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


def _uses(project_id: int, judge: OpenJudge) -> Iterable[InUse]:
    """The project's evaluators that are on and ask the judge."""
    rows = EvaluatorSetting.objects.filter(project_id=project_id, is_on=True)
    on = set(rows.values_list("evaluator", flat=True))
    return [in_use(project_id, one, judge) for one in evaluators_of(project_id) if one.name in on and one.has_judge]


def _ask(canaries: Sequence[Canary], use: InUse, judge: OpenJudge, now: datetime) -> int:
    """One verdict a canary and day: what failed is asked again, and replaced."""
    today = CanaryRun.objects.filter(canary__in=canaries, evaluator=use.name, version=use.version, on=now.date())
    done = set(today.exclude(state=State.FAILED).values_list("canary_id", flat=True))
    due = [one for one in canaries if one.pk not in done]
    if not due:
        return 0
    requests = [Request(exchange_of(one, now=now), use.threshold, use.options) for one in due]
    results = judged(use.evaluator, requests, judge)
    return _write(
        lease_of(judge.project_id), [_run(one, use, result, now) for one, result in zip(due, results, strict=True)]
    )


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
