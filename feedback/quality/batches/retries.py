"""What failed and may go well another time: tried again when it is due, within the budget of its batch and of the day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from feedback import scores
from feedback.models import Batch, Score, State
from feedback.quality.batches.budget import SPENT, calls_left, next_midnight, why_cut
from feedback.quality.batches.group import judge_group, recover, reserve, write
from feedback.quality.batches.in_use import in_use
from feedback.quality.batches.judges import judge_for
from feedback.quality.batches.tally import Tally
from feedback.quality.catalogue import evaluator
from feedback.quality.evaluator import Evaluator, Result
from feedback.quality.judge.failures import NoJudge
from feedback.quality.judge.open import OpenJudge
from interactions.models import Interaction

ANSWERS_AT_ONCE = 15
LOOKED_AT = 100
WHILE_PAUSED = timedelta(minutes=10)
Row = Mapping[str, Any]  # of a score


@dataclass
class Due:
    """Failures of one evaluator within one batch."""

    name: str
    batch: Batch | None
    rows: list[Row]


def try_again(project_id: int, *, now: datetime) -> bool:
    """Try one group of what is due, under the project's lease; False if nothing is."""
    due = _due(project_id, now)
    if due is None:
        return False
    try:
        one = evaluator(due.name)
    except KeyError:
        return _put_off(project_id, due.rows, None, now)
    batch = due.batch
    if batch is None or batch.status == Batch.Status.STOPPED:
        return _put_off(project_id, due.rows, None, now)
    if batch.status == Batch.Status.PAUSED:
        return _put_off(project_id, due.rows, now + WHILE_PAUSED, now)
    try:
        with judge_for(batch, [due.name], now=now) as judge:
            return _try(batch, one, due.rows, judge, now)
    except NoJudge:
        return _put_off(project_id, due.rows, now + WHILE_PAUSED, now)


def _due(project_id: int, now: datetime) -> Due | None:
    rows = Score.objects.for_project(project_id).filter(state=State.FAILED, retry_at__lte=now).order_by("retry_at")
    found: list[Row] = list(rows.values("pk", "at", "name", "interaction_id", "details", "comment")[:LOOKED_AT])
    if not found:
        return None
    first = found[0]
    name, key = first["name"], _batch_of(first)
    batch = Batch.objects.filter(project_id=project_id, pk=key).first() if key else None
    return Due(name, batch, [row for row in found if row["name"] == name and _batch_of(row) == key][:ANSWERS_AT_ONCE])


def _batch_of(row: Row) -> int | None:
    found = row["details"].get("batch") if isinstance(row["details"], dict) else None
    return found if isinstance(found, int) else None


def _try(batch: Batch, one: Evaluator, due: Sequence[Row], judge: OpenJudge | None, now: datetime) -> bool:
    project_id, tally = batch.project_id, Tally.of_json(batch.counts)
    recover(batch, tally, now=now)
    if judge and (reason := judge.why_spent()):
        return _put_off(project_id, due, None if reason == SPENT else next_midnight(now), now)
    by_id = dict(
        Interaction.objects.for_project(project_id)
        .filter(interaction_id__in=[row["interaction_id"] for row in due])
        .values_list("interaction_id", "pk")
    )
    gone = [row for row in due if row["interaction_id"] not in by_id]
    if gone:
        return _put_off(project_id, gone, None, now)
    left = calls_left(batch, judge) if one.has_judge else None
    rows = due if left is None else due[: max(0, left) // one.calls]
    if not rows:
        return _put_off(project_id, due, None if why_cut(batch, judge) == SPENT else next_midnight(now), now)
    use = in_use(project_id, one, judge)
    reserve(batch, tally, one.calls * len(rows))
    found = judge_group(project_id, [use], {use.name: [by_id[row["interaction_id"]] for row in rows]}, judge)
    for row in rows:
        tally.of(use.name).add(Result(State.FAILED, reason=row["comment"]), times=-1)
    write(batch, found, tally, now=timezone.now())
    return True


def _put_off(project_id: int, rows: Sequence[Row], until: datetime | None, now: datetime) -> bool:
    """Not before `until`; None: given up."""
    scores.change(project_id, rows, {"retry_at": until}, now=now)
    return True
