"""The size and the quality of the training buffer as metrics (ledger F4), a value each time it is measured."""

from collections.abc import Iterator
from datetime import datetime

from feedback.metrics.training import QUALITY, SIZE
from feedback.training.buffer import measure
from observatory.metrics.record import Measured, record_all
from observatory.projects.models import Project


def measure_everywhere(*, now: datetime) -> int:
    """Measure the buffer of each project that has one, and return how many have."""
    found = [list(_measured(project_id)) for project_id in Project.objects.order_by("id").values_list("id", flat=True)]
    record_all([one for some in found for one in some], at=now)
    return sum(bool(some) for some in found)


def _measured(project_id: int) -> Iterator[Measured]:
    buffer = measure(project_id)
    if not buffer.size:
        return
    yield Measured(project_id, SIZE, float(buffer.size))
    if buffer.quality is not None:
        yield Measured(project_id, QUALITY, buffer.quality)
