"""Working off marks of traces: some traces at once and, where that fails, each by itself, so that one stops no other."""

import logging
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from django.db import InterfaceError, OperationalError
from django.db.models import F

from interactions.models.trace_mark import TraceMark
from observatory.core.leases import LeaseLost

Trace = tuple[int, str]  # project, trace
Marks = Mapping[Trace, list[int]]  # ids of its marks
# It does all of it, and calls `clear` at the end of its transaction, or raises and has done nothing.
Work = Callable[[Marks, datetime], None]

STORE_IS_AWAY = (LeaseLost, OperationalError, InterfaceError)
MAX_REPORTED = 100
_reported: set[str] = set()
logger = logging.getLogger(__name__)


def gathered(rows: Iterable[tuple[int, int, object]], *, most: int = sys.maxsize) -> Marks:
    """Marks `(id, project, trace)` by their traces, of the first `most` traces."""
    marks: dict[Trace, list[int]] = defaultdict(list)
    for mark_id, project_id, trace_id in rows:
        key = (project_id, str(trace_id))
        if key in marks or len(marks) < most:
            marks[key].append(mark_id)
    return marks


def by_project(marks: Marks) -> dict[int, list[str]]:
    traces: dict[int, list[str]] = defaultdict(list)
    for project_id, trace_id in marks:
        traces[project_id].append(trace_id)
    return traces


def work_off(model: type[TraceMark], marks: Marks, work: Work, *, name: str, now: datetime) -> int:
    """Do the work, and return how many marks were handled. What fails is reported, counted with its mark, and waits.

    With a store that is away no trace is to blame: that is raised, the marks stay, and the next look finds them.
    """
    if not marks:
        return 0
    try:
        work(marks, now)
    except STORE_IS_AWAY:
        raise
    except Exception as error:  # noqa: BLE001  (each trace is tried by itself, and the guilty one is reported there)
        # One trace spoils the batch: the others must not wait for it.
        logger.warning("The %s of %d traces failed (%s); each is tried by itself.", name, len(marks), type(error).__name__)
        for trace, mark_ids in marks.items():
            _alone(model, trace, mark_ids, work, name, now)
    return sum(map(len, marks.values()))


def clear(model: type[TraceMark], marks: Marks) -> None:
    """In the transaction of the work: these are done, and so is what was given up of the same traces before."""
    model.objects.filter(id__in=[mark_id for ids in marks.values() for mark_id in ids]).delete()
    for project_id, trace_ids in by_project(marks).items():
        model.objects.failed().filter(project_id=project_id, trace_id__in=trace_ids).delete()


def _alone(model: type[TraceMark], trace: Trace, mark_ids: list[int], work: Work, name: str, now: datetime) -> None:
    try:
        work({trace: mark_ids}, now)
    except STORE_IS_AWAY:
        raise
    except Exception as error:  # noqa: BLE001  (whatever it is, it is reported and the mark keeps it)
        reason = f"{type(error).__name__}: {error}"[:300]
        _report(name, trace[1], reason)
        model.objects.filter(id__in=mark_ids).update(failures=F("failures") + 1, error=reason)


def _report(name: str, trace_id: str, reason: str) -> None:
    """Log a fault with its traceback once a process: a thousand traces may share it, and each is tried five times."""
    key = f"{name}: {reason}"
    if key in _reported or len(_reported) >= MAX_REPORTED:
        return
    _reported.add(key)
    logger.exception("The %s of trace %s fails, and that of others for the same reason: see Ingest health.", name, trace_id)
