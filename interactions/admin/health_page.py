"""Ingest health: what became of every record, what waits, what has no price."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from interactions.admin.links import to_trace
from interactions.models import PricingGap
from interactions.reading.followers import backlogs
from interactions.reading.health import digest_state, failed_marks, last_received_at, outcome_counts, pricing_gaps
from interactions.reading.refusals import MEANINGS, WAYS
from observatory.projects.models import Project

WINDOWS = (("Last hour", timedelta(hours=1)), ("Last 24 hours", timedelta(hours=24)), ("Last 7 days", timedelta(days=7)))
FRESH_LAG_S, LATE_LAG_S = 10, 60


def health_context(request: HttpRequest, project: Project) -> dict[str, Any]:
    now = timezone.now()
    state = digest_state(project.id, now=now)
    return {
        "windows": [label for label, _ in WINDOWS],
        "ways": ways_in(project, now=now),
        "digest": state,
        "lag_mark": lag_mark(state["lag_s"]),
        "lag_ms": state["lag_s"] * 1000,
        "failed": [(mark, to_trace(project, mark.trace_id)) for mark in failed_marks(project.id)],
        "backlogs": [
            (one, [(mark, to_trace(project, mark.trace_id)) for mark in one.failed]) for one in backlogs(project.id, now=now)
        ],
        "last_received_at": last_received_at(project.id),
        "gaps": [(gap, add_price_url(gap, project)) for gap in pricing_gaps(project.id)],
        "may_price": request.user.is_superuser,
    }


class Outcome(NamedTuple):
    """What became of records, how many in each of WINDOWS; `meaning` says why they were refused."""

    name: str
    numbers: Sequence[int]
    code: str = ""
    meaning: str = ""

    @property
    def by_window(self) -> list[tuple[str, int]]:
        return [(label, number) for (label, _), number in zip(WINDOWS, self.numbers, strict=True)]


@dataclass(frozen=True, slots=True)
class WayIn:
    signal: str
    comes_by: str
    outcomes: Sequence[Outcome]


def ways_in(project: Project, *, now: datetime) -> list[WayIn]:
    """The ways that something came in by, each with what became of it, without what there was nothing of."""
    counted = outcome_counts(project.id, since=[now - length for _, length in WINDOWS])
    return [
        WayIn(
            one.signal,
            WAYS.get(one.signal, ""),
            [
                Outcome("received", one.received),
                Outcome("stored", one.stored),
                *([Outcome("duplicate", one.duplicate)] if any(one.duplicate) else []),
                *(
                    Outcome("rejected", numbers, code=reason or "unnamed", meaning=MEANINGS.get(reason, ""))
                    for reason, numbers in one.reasons.items()
                ),
            ],
        )
        for one in counted
    ]


def lag_mark(lag_s: float) -> str:
    if lag_s < FRESH_LAG_S:
        return "good"
    return "warn" if lag_s < LATE_LAG_S else "bad"


def add_price_url(gap: PricingGap, project: Project) -> str:
    """The form of a new price, filled in with the model of the gap, in the frame of its project."""
    query = urlencode({"model": gap.model, "provider": gap.provider, "project": project.slug})
    return f"{reverse('admin:interactions_price_add')}?{query}"
