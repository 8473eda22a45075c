"""The users of a stretch of days, from their days: none of their interactions is read.

Days are whole, in UTC. Where they have more rows than MOST_ROWS, the stretch is shortened to the latest days that fit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import NamedTuple

from django.db.models import Count, Max, Sum

from interactions.models import UserDay

MOST_ROWS = 50_000  # of days of users: a fifth of a second of adding up
SHOWN = 50
OUTLIER_TIMES = 5.0  # the cost of the median user
OUTLIER_USERS = 20  # fewer have no median worth the name


class UserSum(NamedTuple):
    """A user's figures over the days; `latency_ms` and `confidence` are sums, see UserDay."""

    user_id: str
    requests: int
    errors: int
    sessions: int
    slow: int
    timed: int
    latency_ms: float
    priced: int
    unpriced: int
    cost_usd: float
    input_tokens: int
    output_tokens: int
    days: int
    last_at: datetime

    @property
    def mean_latency_ms(self) -> float | None:
        return self.latency_ms / self.timed if self.timed else None

    @property
    def error_rate(self) -> float:
        return self.errors / self.requests


# What the list can be sorted by; the largest come first.
SORTS: dict[str, Callable[[UserSum], float]] = {
    "requests": lambda one: one.requests,
    "cost": lambda one: one.cost_usd,
    "errors": lambda one: one.errors,
    "sessions": lambda one: one.sessions,
    "latency": lambda one: one.mean_latency_ms or 0.0,
    "last": lambda one: one.last_at.timestamp(),
}
SUMS = UserSum._fields[1:-2]


@dataclass(frozen=True, slots=True)
class Users:
    """The first of `total` users. `first` is the first day that was added up, `wanted` the one that was asked for.

    `median_cost_usd` is that of users with a known cost, None of fewer than OUTLIER_USERS; `waiting` days are made anew.
    """

    rows: Sequence[UserSum]
    total: int
    first: date
    wanted: date
    median_cost_usd: float | None
    requests: int
    cost_usd: float
    waiting: int

    def times_median(self, one: UserSum) -> float | None:
        """How many times the cost of the median user; None below OUTLIER_TIMES."""
        if not self.median_cost_usd or one.cost_usd < OUTLIER_TIMES * self.median_cost_usd:
            return None
        return one.cost_usd / self.median_cost_usd


def users_since(project_id: int, wanted: date, *, sort: str = "requests") -> Users:
    """Return the users since a day. KeyError for an unknown sort."""
    by = SORTS[sort]
    days = UserDay.objects.filter(project_id=project_id, day__gte=wanted)
    first = _first_that_fits(project_id, wanted)
    summed = days.filter(day__gte=first, requests__gt=0).values("user_id").order_by("user_id")
    found = summed.annotate(**{f"of_{name}": Sum(name) for name in SUMS}, of_days=Count("id"), of_last=Max("last_at"))
    columns = ("user_id", *(f"of_{name}" for name in SUMS), "of_days", "of_last")
    sums = [UserSum(*row) for row in found.values_list(*columns)]
    costs = [one.cost_usd for one in sums if one.priced]
    return Users(
        rows=sorted(sums, key=lambda one: (-by(one), one.user_id))[:SHOWN],
        total=len(sums),
        first=first,
        wanted=wanted,
        median_cost_usd=median(costs) if len(costs) >= OUTLIER_USERS else None,
        requests=sum(one.requests for one in sums),
        cost_usd=sum(costs),
        waiting=days.filter(is_stale=True, requests=0).count(),
    )


def days_of(project_id: int, user_id: str, *, since: date) -> list[UserDay]:
    """The days of a user since a day, the first one first."""
    return list(UserDay.objects.filter(project_id=project_id, user_id=user_id, day__gte=since).order_by("day"))


def _first_that_fits(project_id: int, wanted: date) -> date:
    """The first day of the latest ones that have MOST_ROWS rows together; the last day alone may have more."""
    rows = 0
    counted = UserDay.objects.filter(project_id=project_id, day__gte=wanted).values("day").order_by("-day")
    for place, (day, number) in enumerate(counted.annotate(number=Count("id")).values_list("day", "number")):
        rows += number
        if rows > MOST_ROWS and place:
            return day + timedelta(days=1)
    return wanted
