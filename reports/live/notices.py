"""What needs attention now: the concerns of the panel "What needs attention?", and what shows within seconds only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from interactions.models import IngestOutcome, StaleTrace
from observatory.metrics.models import StaleBucket
from observatory.metrics.series import Window
from reports.panels.asked import Asked
from reports.panels.attention import CHECKS, LATE_S
from reports.panels.concerns import Concern
from reports.panels.content import Link

HOUR = timedelta(hours=1)
# From here on the newest figures are not what they seem; from LATE_S on the panel says it, too.
DIGEST_LATE_S, ROLLUP_LATE_S = 10.0, 30.0
# Silence is a sign only where something came not long ago.
SILENT, ACTIVE = timedelta(minutes=15), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Lag:
    """Seconds since the oldest change that digest and roll-up have not seen: of the whole installation."""

    digest_s: float
    rollup_s: float


def read_lag(*, now: datetime) -> Lag:
    oldest = StaleTrace.objects.waiting().order_by("id").values_list("marked_at", flat=True).first()
    minutes = StaleBucket.objects.waiting().filter(level=0).order_by("id").values_list("marked_at", flat=True).first()
    return Lag(*(max(0.0, (now - at).total_seconds()) if at else 0.0 for at in (oldest, minutes)))


def read_notices(project_id: int, *, lag: Lag, now: datetime) -> list[Concern]:
    """Return what needs attention, the worst first; empty where nothing does."""
    asked = Asked(project_id, Window(now - HOUR, now), now)
    found = [*_behind(lag), *_silence(project_id, now), *(concern for check in CHECKS for concern in check(asked))]
    return sorted(found, key=lambda concern: concern.judgement != "bad")


def _behind(lag: Lag) -> Iterator[Concern]:
    if DIGEST_LATE_S <= lag.digest_s < LATE_S:
        yield Concern(
            "warn", "New traces are processed late", f"{lag.digest_s:.0f} s: newer traces are not here yet.", Link("ingest")
        )
    if ROLLUP_LATE_S <= lag.rollup_s < LATE_S:
        page = Link("metrics_health")
        yield Concern("warn", "Figures are computed late", f"{lag.rollup_s:.0f} s: the small lines are older.", page)


def _silence(project_id: int, now: datetime) -> Iterator[Concern]:
    stored = IngestOutcome.objects.filter(project_id=project_id, counted_at__gte=now - ACTIVE)
    stored = stored.filter(outcome=IngestOutcome.Outcome.STORED)
    last = stored.order_by("-counted_at").values_list("counted_at", flat=True).first()
    if last and now - last > SILENT:
        minutes = (now - last) // timedelta(minutes=1)
        yield Concern("warn", "Nothing comes in", f"The last record was stored {minutes} min ago.", Link("ingest"))
