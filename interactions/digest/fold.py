"""Folding of the counts: the rows that requests append become one an hour, so that the table stays small."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import TruncHour
from django.utils import timezone

from interactions.models import IngestOutcome
from observatory.core.leases import acquire, fence, release

LEASE, LEASE_S = "fold-outcomes", 120
ROWS_A_STEP = 5_000


def fold_outcomes(*, now: datetime) -> int:
    """Fold the rows of the hours that have ended and return how many went."""
    if not acquire(LEASE, now=timezone.now(), seconds=LEASE_S):
        return 0
    folded = 0
    try:
        while step := _fold_step(before=now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)):
            folded += step
    finally:
        release(LEASE)
    return folded


def _fold_step(*, before: datetime) -> int:
    """Replace some rows by their sums in one transaction: the sums of the whole table never change."""
    with transaction.atomic():
        fence(LEASE, now=timezone.now(), seconds=LEASE_S)
        rows = IngestOutcome.objects.filter(is_folded=False, counted_at__lt=before).order_by("id")[:ROWS_A_STEP]
        ids = list(rows.values_list("id", flat=True))
        if not ids:
            return 0
        chosen = IngestOutcome.objects.filter(id__in=ids)
        names = ("project_id", "signal", "outcome", "reason")
        sums = chosen.annotate(hour=TruncHour("counted_at")).values(*names, "hour").annotate(total=Sum("records")).order_by()
        IngestOutcome.objects.bulk_create(
            IngestOutcome(
                **{name: row[name] for name in names}, counted_at=row["hour"], records=row["total"], is_folded=True
            )
            for row in list(sums)
        )
        chosen.delete()
    return len(ids)
