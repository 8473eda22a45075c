"""What retention or thinning could not do when it last tried: noted, shown under Metrics health, gone once it worked."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import InterfaceError, OperationalError
from django.db.models import Q
from django.utils import timezone

from observatory.core.leases import LeaseBusy, LeaseLost
from observatory.metrics.models import JobFailure

# Nothing is wrong with the part of the work that met it: the whole run ends, and the next one goes on.
COMES_BACK = (LeaseBusy, LeaseLost, OperationalError, InterfaceError)
MAX_CHARS = 300
logger = logging.getLogger(__name__)


@contextmanager
def noted(project_id: int | None, job: str, part: str) -> Iterator[None]:
    """Do a part of a job; what goes wrong with it is logged and noted, and the next part goes on."""
    place: dict[str, Any] = {"project_id": project_id, "job": job, "part": part}
    try:
        yield
    except COMES_BACK:
        raise
    except Exception as error:
        logger.exception("In project %s the %s of %s failed; the rest goes on.", project_id, job, part)
        reason = f"{type(error).__name__}: {error}"[:MAX_CHARS]
        JobFailure.objects.update_or_create(**place, defaults={"error": reason, "failed_at": timezone.now()})
        return
    before = JobFailure.objects.filter(**place)
    # Reading first: nothing should be written while nothing happens.
    if before.exists():
        before.delete()


def job_failures(project_id: int) -> list[JobFailure]:
    """Return what failed in a project, or in all of them at once."""
    rows = JobFailure.objects.filter(Q(project_id=project_id) | Q(project=None))
    return list(rows.order_by("job", "part"))
