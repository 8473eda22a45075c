"""How the pipeline itself is doing: what became of every record, what waits for the digest, what has no price."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, Sum

from interactions.models import IngestOutcome, PricingGap, StaleTrace
from interactions.models.trace_mark import MAX_FAILURES, TraceMark


@dataclass
class SignalCounts:
    """Records of one way in: received = stored + duplicate + rejected."""

    signal: str
    stored: int = 0
    duplicate: int = 0
    rejected: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def received(self) -> int:
        return self.stored + self.duplicate + self.rejected


def outcome_counts(project_id: int, *, since: datetime | None = None) -> list[SignalCounts]:
    """Return the counts by signal. Folded hours count from their beginning."""
    rows = IngestOutcome.objects.filter(project_id=project_id)
    if since is not None:
        rows = rows.filter(counted_at__gte=since)
    found: dict[str, SignalCounts] = {}
    grouped = rows.values_list("signal", "outcome", "reason").annotate(total=Sum("records")).order_by("signal")
    for signal, outcome, reason, total in grouped:
        counts = found.setdefault(signal, SignalCounts(signal))
        setattr(counts, outcome, getattr(counts, outcome) + total)
        if outcome == IngestOutcome.Outcome.REJECTED:
            counts.reasons[reason] = total
    return list(found.values())


def digest_state(project_id: int, *, now: datetime) -> dict[str, Any]:
    """Return what waits: marks, the age of the oldest in seconds, traces that failed five times."""
    marks = StaleTrace.objects.filter(project_id=project_id)
    failed = Q(failures__gte=MAX_FAILURES)
    state = marks.aggregate(
        waiting=Count("id", filter=~failed), oldest=Min("marked_at", filter=~failed), failed=Count("id", filter=failed)
    )
    oldest = state.pop("oldest")
    return {**state, "lag_s": max(0.0, (now - oldest).total_seconds()) if oldest else 0.0}


def failed_marks(project_id: int, *, limit: int = 20) -> list[TraceMark]:
    """Return the traces that the digest gave up, the latest first."""
    return list(StaleTrace.objects.filter(project_id=project_id).failed().order_by("-marked_at", "-id")[:limit])


def last_received_at(project_id: int) -> datetime | None:
    stored = IngestOutcome.objects.filter(project_id=project_id, outcome=IngestOutcome.Outcome.STORED)
    return stored.aggregate(last=Max("counted_at"))["last"]


def pricing_gaps(project_id: int) -> list[PricingGap]:
    """Return the models that were used without a known price, the latest first."""
    return list(PricingGap.objects.filter(project_id=project_id).order_by("-last_seen_at")[:100])
