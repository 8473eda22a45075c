"""The schedule: for evaluators that are turned on, what came since the last look is evaluated, a batch a UTC day each.

The first look of a day goes over the day before again, for answers that came late. What is scored already is passed by.
"""

from datetime import UTC, datetime, time, timedelta

from feedback.models import Batch, EvaluatorSetting
from feedback.quality.batches import status
from feedback.quality.batches.doorbell import ring
from feedback.quality.batches.wish import Wish, why_not_ready
from feedback.quality.catalogue import evaluator
from interactions.models import Interaction
from observatory.core.leases import acquire, release

SETTLED = timedelta(minutes=2)  # after which a trace is whole, as a rule
LATE = timedelta(minutes=15)
DAY = timedelta(days=1)
LEASE, LEASE_S = "evaluate:standing", 60
BY = "the schedule"


def look(*, now: datetime) -> int:
    """Ask for what is new of every project, and return how many batches that are."""
    settings = list(EvaluatorSetting.objects.filter(is_on=True).order_by("id"))
    if not settings or not acquire(LEASE, now=now, seconds=LEASE_S):
        return 0
    try:
        asked = sum(_look_for(setting, now) for setting in settings)
    finally:
        release(LEASE)
    if asked:
        ring()
    return asked


def _look_for(setting: EvaluatorSetting, now: datetime) -> bool:
    try:
        one = evaluator(setting.evaluator)
    except KeyError:
        return False
    if one.is_following or why_not_ready(setting.project_id, one):
        return False
    today = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    last = _last(setting)
    if last and last.status in status.OPEN:
        return False
    is_same = last and (last.sample_rate, last.filters) == (setting.sample_rate, setting.filters)
    if last and is_same and last.requested_at >= max(today, setting.changed_at):
        return _go_on(last, now)
    return _begin(setting, today, now)


def _last(setting: EvaluatorSetting) -> Batch | None:
    rows = Batch.objects.filter(project_id=setting.project_id, trigger=Batch.Trigger.SCHEDULE)
    newest = rows.order_by("-requested_at").only(
        "evaluators", "status", "requested_at", "until", "sample_rate", "filters", "project_id"
    )[:200]
    return next((one for one in newest if one.evaluators == [setting.evaluator]), None)


def _go_on(last: Batch, now: datetime) -> bool:
    since, until = last.until or last.requested_at, now - SETTLED
    if last.status != Batch.Status.DONE or until <= since or not _is_anything(last.project_id, since, until):
        return False
    return status.extend(last, until=until, after_at=since - LATE)


def _begin(setting: EvaluatorSetting, today: datetime, now: datetime) -> bool:
    since, until = max(today - DAY, setting.changed_at), now - SETTLED
    if until <= since or not _is_anything(setting.project_id, since, until):
        return False
    wish = Wish(
        setting.project_id,
        [setting.evaluator],
        filters=setting.filters,
        since=since,
        until=until,
        sample_rate=setting.sample_rate,
    )
    wish.as_batch(trigger=Batch.Trigger.SCHEDULE, by=BY, now=now).save(force_insert=True)
    return True


def _is_anything(project_id: int, since: datetime, until: datetime) -> bool:
    return Interaction.objects.for_project(project_id).exchanges().filter(asked_at__gte=since, asked_at__lt=until).exists()
