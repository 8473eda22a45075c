"""How much judging is left: of the evaluation's own budget, and of the project's day. Both are counted in the database."""

from dataclasses import dataclass, fields
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from feedback.models import Batch
from feedback.quality.judge.budget import Budget
from feedback.quality.judge.open import OpenJudge

ZERO = Decimal(0)
SPENT = "The budget of this evaluation is spent"


@dataclass(slots=True)
class BatchBudget(Budget):
    """The budget of the day, narrowed to what the batch may spend: no call is made beyond either.

    `uncounted` are calls that were made and not counted yet in the day.
    """

    own_calls: int | None = None
    own_usd: Decimal | None = None
    uncounted: int = 0

    def why_spent(self) -> str:
        if (self.own_calls is not None and self.own_calls <= 0) or (self.own_usd is not None and self.own_usd <= 0):
            return SPENT
        return Budget.why_spent(self)

    @property
    def is_in_usd(self) -> bool:
        return self.own_usd is not None or self.usd_left is not None

    def take(self) -> None:
        Budget.take(self)
        if self.own_calls is not None:
            self.own_calls -= 1

    def spend(self, input_tokens: int | None, output_tokens: int | None, cost_usd: Decimal | None) -> None:
        if self.own_usd is not None and cost_usd is not None:
            self.own_usd -= cost_usd
        Budget.spend(self, input_tokens, output_tokens, cost_usd)

    def settle(self) -> None:
        """What it cost, at once; calls not yet, for they were reserved: of a process that died `recover` counts them."""
        self.uncounted, self.used.calls = self.uncounted + self.used.calls, 0
        Budget.settle(self)

    def settle_with_batch(self) -> None:
        """The calls, in the transaction that counts them in the batch."""
        self.used.calls, self.uncounted = self.used.calls + self.uncounted, 0
        Budget.settle(self)


def narrow(judge: OpenJudge, batch: Batch) -> None:
    """Let the judge answer for this batch only as long as its own budget lasts, too."""
    day = {one.name: getattr(judge.budget, one.name) for one in fields(Budget)}
    judge.budget = BatchBudget(**day, own_calls=own_calls(batch), own_usd=own_usd(batch))


def own_calls(batch: Batch) -> int | None:
    return None if batch.most_calls is None else batch.most_calls - batch.calls


def own_usd(batch: Batch) -> Decimal | None:
    return None if batch.most_usd is None else batch.most_usd - (batch.cost_usd or ZERO)


def calls_left(batch: Batch, judge: OpenJudge | None) -> int | None:
    """Of both; None without a limit."""
    day = judge.budget.calls_left if judge else None
    return min((calls for calls in (own_calls(batch), day) if calls is not None), default=None)


def answers_left(batch: Batch, judge: OpenJudge | None, *, most: int, calls: int) -> int:
    """How many answers of so many calls each may be judged at once so that the money lasts; at least one.

    What a call costs is known from those that were made: before the first there is one answer alone.
    """
    amounts = [usd for usd in (own_usd(batch), judge.budget.usd_left if judge else None) if usd is not None]
    if not amounts or not calls:
        return most
    if not batch.cost_usd or not batch.calls:
        return 1
    return max(1, min(most, int(min(amounts) / (batch.cost_usd / batch.calls * calls))))


def why_cut(batch: Batch, judge: OpenJudge | None) -> str:
    """Whose calls do not suffice for one more answer."""
    own, day = own_calls(batch), judge.budget.calls_left if judge else None
    return SPENT if own is not None and (day is None or own <= day) else "The judge's calls of today are spent"


def next_midnight(now: datetime) -> datetime:
    """When the next UTC day begins, and with it the next day's budget."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
