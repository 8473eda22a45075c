"""Whether the judge moves: its verdicts on the canaries, day by day."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from feedback.models import CanaryRun, State
from observatory.stats.intervals import is_apart, wilson

DAYS = 60
BASE_DAYS = 14  # the latest day is held against so many before it
MOST_RUNS = 20_000
COLUMNS = "evaluator version state value is_passed on canary__name canary__is_good canary__is_on".split()


@dataclass(slots=True)
class Day:
    """What an evaluator said of the canaries on a day. `right`: as many have the verdict that they should have."""

    on: date
    versions: set[str] = field(default_factory=set)
    n: int = 0
    right: int = 0
    failed: int = 0
    good: list[float] = field(default_factory=list)
    bad: list[float] = field(default_factory=list)

    @property
    def share(self) -> float | None:
        return self.right / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Flip:
    """A canary whose verdict is not what it was the time before."""

    canary: str
    on: date
    is_passed: bool
    is_good: bool
    is_other_version: bool


@dataclass(frozen=True, slots=True)
class Drift:
    evaluator: str
    days: Sequence[Day]
    flips: Sequence[Flip]

    @property
    def last(self) -> Day | None:
        return next((day for day in reversed(self.days) if day.n), None)

    @property
    def base(self) -> tuple[int, int]:
        """How many of how many verdicts were right on the BASE_DAYS before the last day."""
        last = self.last
        since = last.on - timedelta(days=BASE_DAYS) if last else None
        before = [day for day in self.days if last and since and since <= day.on < last.on]
        return sum(day.right for day in before), sum(day.n for day in before)

    @property
    def has_moved(self) -> bool:
        """Whether the share of right verdicts of the last day lies beyond chance from that before."""
        last = self.last
        return last is not None and is_apart(wilson(last.right, last.n), wilson(*self.base))

    @property
    def is_alarming(self) -> bool:
        return self.has_moved or bool(self.flips)


def drift_of(project_id: int, *, now: datetime) -> list[Drift]:
    """Of each evaluator, by name: the last DAYS days, in one statement."""
    rows = CanaryRun.objects.filter(canary__project_id=project_id, on__gt=now.date() - timedelta(days=DAYS))
    # Without the texts, which would come with every verdict.
    rows = rows.select_related("canary").only(*COLUMNS)
    runs = list(rows.order_by("-on", "-id")[:MOST_RUNS])
    found: dict[str, list[CanaryRun]] = defaultdict(list)
    for run in reversed(runs):
        found[run.evaluator].append(run)
    return [Drift(name, _days(some), _flips(some)) for name, some in sorted(found.items())]


def _days(runs: Sequence[CanaryRun]) -> list[Day]:
    days: dict[date, Day] = {}
    for run in runs:
        day = days.setdefault(run.on, Day(run.on))
        day.versions.add(run.version)
        day.failed += run.state == State.FAILED
        if run.value is not None:
            (day.good if run.canary.is_good else day.bad).append(run.value)
        if run.is_passed is not None:
            day.n += 1
            day.right += run.is_passed == run.canary.is_good
    return list(days.values())


def _flips(runs: Sequence[CanaryRun]) -> list[Flip]:
    """Of the canaries' latest verdicts, those that differ from the verdict before."""
    by_canary: dict[int, list[CanaryRun]] = defaultdict(list)
    for run in runs:
        if run.is_passed is not None and run.canary.is_on:
            by_canary[run.canary_id].append(run)
    latest = [(some[-2], some[-1]) for some in by_canary.values() if len(some) > 1]
    return [
        Flip(last.canary.name, last.on, bool(last.is_passed), last.canary.is_good, last.version != before.version)
        for before, last in latest
        if last.is_passed != before.is_passed
    ]
