"""The limits of a UTC day, for all evaluations of a project together."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from feedback.models import Judge, JudgeDay
from feedback.quality.judge.failures import OutOfBudget, Refused
from feedback.quality.judge.meter import Meter

NO_COST = "The limit in USD cannot be held: the endpoint counts no tokens, or there are no prices. Limit calls instead"


@dataclass(slots=True)
class Budget:
    """What is left of a day as it was read, and what was used since. Two workers can overdraw by what they do at once."""

    project_id: int
    on: date
    calls_left: int | None = None
    usd_left: Decimal | None = None
    used: Meter = field(default_factory=Meter)
    is_cost_unknown: bool = False  # of a call, while a limit in USD holds: none is made after it

    def why_spent(self) -> str:
        """Empty while something is left."""
        if self.calls_left is not None and self.calls_left <= 0:
            return "The judge's calls of today are spent"
        if self.usd_left is not None and self.usd_left <= 0:
            return "The judge's money of today is spent"
        return ""

    @property
    def is_in_usd(self) -> bool:
        """Whether it can be held only as long as each call's cost is known."""
        return self.usd_left is not None

    @property
    def renewed_at(self) -> datetime:
        """When the next day begins."""
        return datetime.combine(self.on + timedelta(days=1), time(), UTC)

    def take(self) -> None:
        """Count a call that is about to be made; OutOfBudget if none is left, Refused after one without a cost."""
        if self.is_cost_unknown:
            raise Refused(NO_COST)
        if reason := self.why_spent():
            raise OutOfBudget(f"{reason}; it is asked again after {self.renewed_at:%Y-%m-%d %H:%M} UTC", self.renewed_at)
        if self.calls_left is not None:
            self.calls_left -= 1
        self.used.calls += 1

    def spend(self, input_tokens: int | None, output_tokens: int | None, cost_usd: Decimal | None) -> None:
        """Count what a call cost; raises Refused where a limit in USD holds and the cost cannot be told."""
        if self.usd_left is not None and cost_usd is not None:
            self.usd_left -= cost_usd
        self.used.add(input_tokens, output_tokens, cost_usd or Decimal(0))
        if cost_usd is None and self.is_in_usd:
            self.is_cost_unknown = True
            raise Refused(NO_COST)

    def settle(self) -> None:
        """Write down what was used since the last time. Outside of event loops."""
        used, self.used = self.used, Meter()
        if used == Meter():
            return
        with transaction.atomic():
            row, _ = JudgeDay.objects.get_or_create(project_id=self.project_id, on=self.on)
            JudgeDay.objects.filter(pk=row.pk).update(
                calls=F("calls") + used.calls,
                input_tokens=F("input_tokens") + (used.input_tokens or 0),
                output_tokens=F("output_tokens") + (used.output_tokens or 0),
                cost_usd=F("cost_usd") + (used.cost_usd or Decimal(0)),
            )


def budget_of(judge: Judge, *, now: datetime) -> Budget:
    """What the day has left."""
    on = now.astimezone(UTC).date()
    day = JudgeDay.objects.filter(project_id=judge.project_id, on=on).first() or JudgeDay()
    return Budget(
        judge.project_id,
        on,
        None if judge.daily_calls is None else judge.daily_calls - day.calls,
        None if judge.daily_usd is None else judge.daily_usd - day.cost_usd,
    )
