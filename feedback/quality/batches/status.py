"""The status of an evaluation: this module alone writes it, and only where it still is what it was."""

from datetime import datetime

from feedback.models import Batch

Status = Batch.Status
AT_WORK = (Status.WAITING, Status.RUNNING)
OPEN = (*AT_WORK, Status.PAUSED)


def begin(batch: Batch, *, now: datetime) -> bool:
    """The worker takes it up. False if somebody paused or stopped it meanwhile."""
    started = {} if batch.started_at else {"started_at": now}
    return _move(batch, AT_WORK, status=Status.RUNNING, wait_until=None, reason="", **started)


def wait(batch: Batch, *, until: datetime, reason: str) -> bool:
    """It goes on by itself, not before `until`."""
    return _move(batch, AT_WORK, status=Status.WAITING, wait_until=until, reason=reason[:300])


def pause(batch: Batch, *, reason: str) -> bool:
    """It keeps its place until it is resumed."""
    return _move(batch, AT_WORK, status=Status.PAUSED, reason=reason[:300])


def resume(batch: Batch) -> bool:
    return _move(batch, (Status.PAUSED, *AT_WORK), status=Status.WAITING, wait_until=None, reason="")


def stop(batch: Batch, *, reason: str, now: datetime) -> bool:
    """It ends where it is; what was scored stays."""
    return _move(batch, OPEN, status=Status.STOPPED, reason=reason[:300], finished_at=now)


def finish(batch: Batch, *, now: datetime) -> bool:
    return _move(batch, AT_WORK, status=Status.DONE, reason="", wait_until=None, finished_at=now)


def extend(batch: Batch, *, until: datetime, after_at: datetime) -> bool:
    """A scheduled one that was done goes on with what came since."""
    changes = {"until": until, "after_at": after_at, "after_id": 0, "total": None, "finished_at": None}
    return _move(batch, (Status.DONE,), status=Status.WAITING, **changes)


def _move(batch: Batch, before: tuple[Batch.Status, ...], **changes: object) -> bool:
    """Change the row and the object, if the row is in one of the states `before`."""
    if not Batch.objects.filter(pk=batch.pk, status__in=before).update(**changes):
        return False
    for name, value in changes.items():
        setattr(batch, name, value)
    return True
