"""Carrying evaluations out, group by group. Killed anywhere, the next run goes on, and no verdict is asked for twice.

Only the group at work may be asked again after a kill, and its calls are counted all the same.
"""

import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from math import inf

from django.db import InterfaceError, OperationalError
from django.db.models import Q, QuerySet
from django.utils import timezone

from feedback.models import Batch, Score, State
from feedback.quality.batches import retries, status
from feedback.quality.batches.budget import SPENT, answers_left, calls_left, next_midnight, why_cut
from feedback.quality.batches.chosen import Group, next_group, rows_after
from feedback.quality.batches.group import LEASE_S, Judged, judge_group, lease_of, recover, reserve, write
from feedback.quality.batches.in_use import InUse, uses_of
from feedback.quality.batches.judges import judge_for
from feedback.quality.batches.keeping import kept
from feedback.quality.batches.tally import Tally
from feedback.quality.judge.failures import NoJudge
from feedback.quality.judge.open import OpenJudge
from observatory.core.leases import LeaseLost, acquire, release

ANSWERS_A_GROUP = 15
FEWEST_SILENT = 3  # failures in a row after which the judge itself is suspected
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=30)
logger = logging.getLogger(__name__)


def run_waiting(*, seconds: float = inf, project_id: int | None = None) -> int:
    """Work on what waits for so long at most, of all projects or of one; return how many groups were judged.

    Each project has an equal share of the time, and what those before it left of theirs.
    """
    until, groups = time.monotonic() + seconds, 0
    projects = [each for each in _projects(timezone.now()) if project_id in (None, each)]
    for place, each in enumerate(projects):
        now = time.monotonic()
        groups += _work_on(each, now + (until - now) / (len(projects) - place))
    return groups


def is_waiting() -> bool:
    """Whether there is anything to do; two reads of small indexes."""
    return bool(_projects(timezone.now()))


def _projects(now: datetime) -> list[int]:
    due = Score.objects.filter(state=State.FAILED, retry_at__lte=now).values_list("project_id", flat=True).distinct()
    return sorted(set(_at_work(now).values_list("project_id", flat=True)) | set(due))


def _at_work(now: datetime) -> QuerySet[Batch]:
    is_due = Q(wait_until=None) | Q(wait_until__lte=now)
    # What has not ended: by this SQLite finds them in an index of their own.
    return Batch.objects.filter(is_due, finished_at=None, status__in=status.AT_WORK)


def _work_on(project_id: int, until: float) -> int:
    lease = lease_of(project_id)
    if not acquire(lease, now=timezone.now(), seconds=LEASE_S):
        return 0
    groups = 0
    try:
        with kept(lease, seconds=LEASE_S):
            for _ in _groups(project_id):
                groups += 1
                if time.monotonic() >= until:
                    break
    except LeaseLost:
        logger.warning("Another process holds the lease %s; evaluations go on there.", lease)
    finally:
        release(lease)
    return groups


def _groups(project_id: int) -> Iterator[None]:
    """Each step is a group of a batch, or of what is tried again; the batches take turns, so a small one ends soon."""
    worked = True
    while worked:
        worked = False
        for batch in list(_at_work(timezone.now()).filter(project_id=project_id).order_by("id")):
            if step(batch, now=timezone.now()):
                worked = True
                yield
        if retries.try_again(project_id, now=timezone.now()):
            worked = True
            yield


def step(batch: Batch, *, now: datetime) -> bool:
    """Judge the next group of a batch, under the lease; False if it has come to an end or waits."""
    if batch.status == Batch.Status.WAITING and not status.begin(batch, now=now):
        return False
    try:
        with judge_for(batch, batch.evaluators, now=now) as judge:
            return _step(batch, uses_of(batch, judge), judge, now)
    except NoJudge as missing:
        status.pause(batch, reason=f"{missing}. Connect one, then resume.")
    except KeyError as gone:
        status.stop(batch, reason=f"There is no evaluator {gone.args[0]} any more.", now=now)
    except (LeaseLost, OperationalError, InterfaceError):
        raise  # nothing is wrong with the batch
    except Exception as error:
        logger.exception("The evaluation %s failed; it is paused.", batch.pk)
        status.pause(batch, reason=f"A fault of ours, which has been logged: {type(error).__name__}.")
    return False


def _step(batch: Batch, uses: list[InUse], judge: OpenJudge | None, now: datetime) -> bool:
    tally = Tally.of_json(batch.counts)
    recover(batch, tally, now=now)
    if batch.total is None:
        batch.total = batch.looked_at + rows_after(batch).count()
        Batch.objects.filter(pk=batch.pk).update(total=batch.total)
    if judge and (reason := judge.why_spent()):
        return _out_of_budget(batch, reason, now)
    most = answers_left(batch, judge, most=_most(tally), calls=sum(use.evaluator.calls for use in uses))
    group = next_group(batch, uses, most_answers=most, most_calls=calls_left(batch, judge))
    if group.is_cut and not group.looked_at:
        return _out_of_budget(batch, why_cut(batch, judge), now)
    reserve(batch, tally, group.calls)
    found = judge_group(batch.project_id, uses, group.asked, judge)
    _note(tally, group, found)
    progress: dict[str, object] = {"looked_at": batch.looked_at + group.looked_at}
    if group.last:
        progress |= {"after_at": group.last[0], "after_id": group.last[1]}
    write(batch, found, tally, now=timezone.now(), **progress)
    if group.is_end:
        status.finish(batch, now=timezone.now())
    elif tally.silent:
        _be_patient(batch, tally, found, now=timezone.now())
    return True


def _most(tally: Tally) -> int:
    """A judge that did not answer is asked about one answer first."""
    return 1 if tally.silent else ANSWERS_A_GROUP


def _note(tally: Tally, group: Group, found: Judged) -> None:
    tally.sampled_out += group.sampled_out
    for name, number in group.already.items():
        tally.of(name).already += number
    results = found.all_results
    is_silent = bool(results) and all(one.state == State.FAILED and not one.is_out_of_budget for one in results)
    if not is_silent:
        tally.silent = 0
    elif tally.silent or len(results) >= FEWEST_SILENT:
        tally.silent += 1


def _be_patient(batch: Batch, tally: Tally, found: Judged, *, now: datetime) -> None:
    """A judge that is away, or a key that is wrong, would fail every answer of the batch in turn."""
    failed = found.all_results[0]
    reason = f"None of the last answers could be judged: {failed.reason}"
    if any(one.is_worth_retrying for one in found.all_results):
        status.wait(batch, until=now + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (tally.silent - 1)), reason=reason)
    else:
        status.pause(batch, reason=f"{reason[:240]}. Mend it, then resume.")


def _out_of_budget(batch: Batch, reason: str, now: datetime) -> bool:
    if reason == SPENT:
        total = f" of {batch.total:,}" if batch.total is not None else ""
        status.stop(batch, reason=f"{reason}: {batch.looked_at:,}{total} interactions were looked at.", now=now)
    elif batch.trigger == Batch.Trigger.SCHEDULE:
        status.wait(batch, until=next_midnight(now), reason=f"{reason}. It goes on by itself tomorrow (UTC).")
    else:
        status.pause(batch, reason=f"{reason}. Resume it tomorrow (UTC), or raise the budget of the day.")
    return False
