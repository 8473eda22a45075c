"""How the pipeline itself is doing: what became of every record, what waits for the digest, what has no price."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, Sum

from interactions.models import IngestOutcome, PricingGap, StaleTrace
from interactions.models.trace_mark import MAX_FAILURES, TraceMark


@dataclass(frozen=True, slots=True)
class SignalCounts:
    """Records of one way in, each number once a window: received = stored + duplicate + rejected."""

    signal: str
    stored: Sequence[int]
    duplicate: Sequence[int]
    reasons: Mapping[str, Sequence[int]]

    @property
    def rejected(self) -> Sequence[int]:
        return _sum([0] * len(self.stored), *self.reasons.values())

    @property
    def received(self) -> Sequence[int]:
        return _sum(self.stored, self.duplicate, self.rejected)


def _sum(*rows: Sequence[int]) -> Sequence[int]:
    return [sum(column) for column in zip(*rows, strict=True)]


def outcome_counts(project_id: int, *, since: Sequence[datetime]) -> list[SignalCounts]:
    """Return the counts by signal since each of some moments, in one query. Folded hours count from their beginning."""
    rows = IngestOutcome.objects.filter(project_id=project_id, counted_at__gte=min(since))
    sums = {f"since_{place}": Sum("records", filter=Q(counted_at__gte=at), default=0) for place, at in enumerate(since)}
    found: dict[str, dict[tuple[str, str], list[int]]] = {}
    grouped = rows.values_list("signal", "outcome", "reason").annotate(**sums).order_by("signal", "reason")
    for signal, outcome, reason, *numbers in grouped:
        found.setdefault(signal, {})[outcome, reason] = numbers
    return [_counts(signal, outcomes, [0] * len(since)) for signal, outcomes in found.items()]


def _counts(signal: str, outcomes: Mapping[tuple[str, str], list[int]], none: list[int]) -> SignalCounts:
    kinds = IngestOutcome.Outcome
    stored, duplicate = (outcomes.get((kind, ""), none) for kind in (kinds.STORED, kinds.DUPLICATE))
    reasons = {reason: numbers for (kind, reason), numbers in outcomes.items() if kind == kinds.REJECTED}
    return SignalCounts(signal, stored, duplicate, reasons)


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
