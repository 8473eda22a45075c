"""One group of answers: judged outside of any transaction, then written with the progress in a short one, under a lease."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from feedback import scores
from feedback.held import held
from feedback.models import Batch, JudgeDay, Score, State
from feedback.quality.batches.budget import BatchBudget
from feedback.quality.batches.in_use import InUse
from feedback.quality.batches.tally import Tally
from feedback.quality.evaluator import Request, Result
from feedback.quality.exchanges import Exchange, exchanges
from feedback.quality.judge.open import OpenJudge
from feedback.quality.run import judged, verdicts
from feedback.scores import Verdict
from interactions.models import Interaction
from observatory.core.leases import fence

LEASE_S = 60


def lease_of(project_id: int) -> str:
    """One process works on the evaluations of a project at a time."""
    return f"evaluate:{project_id}"


@dataclass
class Judged:
    """Results of a group, by evaluator, and the budget that they were asked from."""

    results: list[tuple[InUse, list[Exchange], list[Result]]] = field(default_factory=list)
    budget: BatchBudget | None = None

    @property
    def all_results(self) -> list[Result]:
        return [result for _, _, some in self.results for result in some]

    @property
    def calls(self) -> int:
        return sum(result.calls for result in self.all_results)

    @property
    def cost_usd(self) -> Decimal | None:
        """Of the known ones; None where none is known."""
        known = [result.cost_usd for result in self.all_results if result.cost_usd is not None]
        return sum(known, Decimal(0)) if known else None


def judge_group(project_id: int, uses: Sequence[InUse], asked: dict[str, list[int]], judge: OpenJudge | None) -> Judged:
    """Ask every evaluator about its answers, whose texts are read once for all of them."""
    keys = sorted({key for some in asked.values() for key in some})
    rows = Interaction.objects.for_project(project_id).filter(pk__in=keys).order_by("asked_at", "id")
    by_key = {one.interaction.pk: one for one in exchanges(project_id, list(rows))}
    found = Judged()
    if judge and isinstance(judge.budget, BatchBudget):
        found.budget = judge.budget
    for use in uses:
        own = [by_key[key] for key in asked.get(use.name, ()) if key in by_key]
        if own:
            requests = [Request(one, use.threshold, use.options) for one in own]
            found.results.append((use, own, judged(use.evaluator, requests, judge if use.evaluator.has_judge else None)))
    return found


def reserve(batch: Batch, tally: Tally, calls: int) -> None:
    """Count calls before they are made."""
    if calls:
        tally.open_calls = calls
        with transaction.atomic():
            fence(lease_of(batch.project_id), now=timezone.now(), seconds=LEASE_S)
            Batch.objects.filter(pk=batch.pk).update(counts=tally.as_json())


def recover(batch: Batch, tally: Tally, *, now: datetime) -> None:
    """What a process that died was about to ask counts as asked: of the batch, and of the day."""
    if not tally.open_calls:
        return
    calls, tally.open_calls = tally.open_calls, 0
    with transaction.atomic():
        fence(lease_of(batch.project_id), now=timezone.now(), seconds=LEASE_S)
        Batch.objects.filter(pk=batch.pk).update(calls=F("calls") + calls, counts=tally.as_json())
        JudgeDay.objects.get_or_create(project_id=batch.project_id, on=now.date())
        JudgeDay.objects.filter(project_id=batch.project_id, on=now.date()).update(calls=F("calls") + calls)
    batch.calls += calls


def write(batch: Batch, found: Judged, tally: Tally, *, now: datetime, **progress: object) -> None:
    """Write the verdicts, and what they cost, with the progress. LeaseLost: nothing was written, another process goes on."""
    project_id = batch.project_id
    made = [one for use, own, some in found.results for one in _verdicts(batch, use, own, some, now)]
    tally.open_calls = 0
    changes: dict[str, object] = {"calls": batch.calls + found.calls, **progress}
    if found.cost_usd is not None:
        changes["cost_usd"] = (batch.cost_usd or Decimal(0)) + found.cost_usd
    with transaction.atomic():
        fence(lease_of(project_id), now=timezone.now(), seconds=LEASE_S)
        # An answer that was erased meanwhile gets no score.
        here = held(project_id, {exchange.id for _, own, _ in found.results for exchange in own})
        kept = [one for one in made if one.interaction_id in here]
        scores.write(project_id, kept, now=now)
        _drop_old_failures(project_id, kept, now)
        _count(tally, found, {one.interaction_id for one in kept})
        Batch.objects.filter(pk=batch.pk).update(**changes, counts=tally.as_json())
        if found.budget:
            found.budget.settle_with_batch()
    for name, value in changes.items():
        setattr(batch, name, value)


def _verdicts(batch: Batch, use: InUse, own: Sequence[Exchange], results: Sequence[Result], now: datetime) -> list[Verdict]:
    made = verdicts(batch.project_id, use.evaluator, own, results, use.version, now)
    for one in made:
        one.details = {**one.details, "batch": batch.pk}
    return made


def _drop_old_failures(project_id: int, kept: Sequence[Verdict], now: datetime) -> None:
    """A failure of an older version, or of another judge, waits no more once the answer was judged anew."""
    by_name = defaultdict(list)
    for one in kept:
        by_name[one.name, one.version].append(one.interaction_id)
    for (name, version), ids in by_name.items():
        rows = Score.objects.for_project(project_id).filter(interaction_id__in=ids, name=name, state=State.FAILED)
        if (old := rows.exclude(version=version)).exists():
            scores.delete(project_id, old, now=now)


def _count(tally: Tally, found: Judged, kept: set[object]) -> None:
    for use, own, results in found.results:
        outcome = tally.of(use.name)
        outcome.version = use.version
        for exchange, result in zip(own, results, strict=True):
            if exchange.id in kept:
                outcome.add(result)
            tally.input_tokens += result.input_tokens or 0
            tally.output_tokens += result.output_tokens or 0
            tally.unpriced += bool(result.calls) and result.cost_usd is None
