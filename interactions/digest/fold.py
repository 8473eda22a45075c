"""Folding of the counts: the rows that requests append become one a minute, after two days one an hour.

Buckets stay as finer rows made them: what was counted in a minute is shown there, whatever minute its row is in later.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncHour, TruncMinute
from django.utils import timezone

from interactions.metrics.sources import OUTCOMES
from interactions.models import IngestOutcome
from observatory.core.leases import acquire, fence, release
from observatory.metrics.models import StaleBucket

LEASE, LEASE_S = "fold-outcomes", 120
ROWS_A_STEP = 5_000
MINUTES_FOR = timedelta(days=2)
Truncation = type[TruncMinute] | type[TruncHour]


def fold_outcomes(*, now: datetime) -> int:
    """Fold what is old enough and return how many rows went. A sum over the whole table never changes."""
    if not acquire(LEASE, now=timezone.now(), seconds=LEASE_S):
        return 0
    appended = IngestOutcome.objects.filter(is_folded=False, counted_at__lt=now.replace(second=0, microsecond=0))
    minutes = IngestOutcome.objects.filter(is_folded=True, counted_at__lt=hour_of(now - MINUTES_FOR)).exclude(
        counted_at__minute=0
    )
    # A minute that is recomputed alone after its rows moved would lose them.
    waiting = StaleBucket.objects.filter(source=OUTCOMES.name, level=0, start__lt=hour_of(now - MINUTES_FOR).timestamp())
    minutes = minutes.exclude(project_id__in=waiting.values("project_id"))
    try:
        return _fold_all(appended, TruncMinute) + _fold_all(minutes, TruncHour)
    finally:
        release(LEASE)


def hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _fold_all(rows: QuerySet[IngestOutcome], truncation: Truncation) -> int:
    folded = 0
    while step := _fold_step(rows, truncation):
        folded += step
    return folded


def _fold_step(rows: QuerySet[IngestOutcome], truncation: Truncation) -> int:
    """Replace some rows by their sums, in one transaction."""
    with transaction.atomic():
        fence(LEASE, now=timezone.now(), seconds=LEASE_S)
        ids = list(rows.order_by("id").values_list("id", flat=True)[:ROWS_A_STEP])
        if not ids:
            return 0
        chosen = IngestOutcome.objects.filter(id__in=ids)
        names = ("project_id", "signal", "outcome", "reason")
        sums = chosen.annotate(start=truncation("counted_at")).values(*names, "start").annotate(total=Sum("records"))
        IngestOutcome.objects.bulk_create(
            IngestOutcome(
                **{name: row[name] for name in names}, counted_at=row["start"], records=row["total"], is_folded=True
            )
            for row in list(sums.order_by())
        )
        chosen.delete()
    return len(ids)
