"""The users of a stretch of days, from their days: none of their interactions is read.

Days are whole, in UTC. Where they have more rows than MOST_ROWS, the stretch is shortened to the latest days that fit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import NamedTuple

from django.db.models import Count, Max, QuerySet, Sum

from interactions.models import UserDay

MOST_ROWS = 40_000  # of days of users: a tenth of a second of adding up
MOST_DAYS = 31  # on which a user can be
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


# What the list can be sorted by, the largest first, and the columns that say it; without columns it is the last moment.
SORTS: Mapping[str, tuple[str, ...]] = {
    "requests": ("requests",),
    "cost": ("cost_usd",),
    "errors": ("errors",),
    "sessions": ("sessions",),
    "latency": ("latency_ms", "timed"),
    "last": (),
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
    columns = SORTS[sort]
    first = _first_that_fits(project_id, wanted)
    days = UserDay.objects.filter(project_id=project_id, day__gte=first, requests__gt=0)
    totals = _totals(days, columns)
    costs = [cost for _, cost, priced, *_ in totals.values() if priced]
    top = _latest(days) if sort == "last" else sorted(totals, key=lambda user_id: (-_rank(totals[user_id]), user_id))[:SHOWN]
    found = _sums(days, top)
    return Users(
        rows=[found[user_id] for user_id in top if user_id in found],
        total=len(totals),
        first=first,
        wanted=wanted,
        median_cost_usd=median(costs) if len(costs) >= OUTLIER_USERS else None,
        requests=round(sum(values[0] for values in totals.values())),
        cost_usd=sum(costs),
        waiting=UserDay.objects.filter(project_id=project_id, day__gte=first, is_stale=True, requests=0).count(),
    )


def _totals(days: QuerySet[UserDay], columns: Sequence[str]) -> dict[str, list[float]]:
    """Requests, cost, number of known costs and `columns` of each user.

    Added up here: with GROUP BY SQLite reads every day of the project, in the order of users.
    """
    totals: dict[str, list[float]] = {}
    for user_id, *values in days.order_by("day").values_list("user_id", "requests", "cost_usd", "priced", *columns):
        sums = totals.get(user_id)
        totals[user_id] = values if sums is None else [one + other for one, other in zip(sums, values, strict=True)]
    return totals


def _rank(values: Sequence[float]) -> float:
    """What a user is sorted by: the one column, or the first one for each of the second."""
    _, _, _, amount, *number = values
    return amount if not number else amount / number[0] if number[0] else 0.0


def _latest(days: QuerySet[UserDay]) -> list[str]:
    """Who asked last, the last one first; a user has a row on each day."""
    found = days.order_by("-day", "-last_at").values_list("user_id", flat=True)[: MOST_DAYS * SHOWN]
    return list(dict.fromkeys(found))[:SHOWN]


def _sums(days: QuerySet[UserDay], users: Sequence[str]) -> dict[str, UserSum]:
    summed = days.filter(user_id__in=users).values("user_id").order_by("user_id")
    found = summed.annotate(**{f"of_{name}": Sum(name) for name in SUMS}, of_days=Count("id"), of_last=Max("last_at"))
    columns = ("user_id", *(f"of_{name}" for name in SUMS), "of_days", "of_last")
    return {row[0]: UserSum(*row) for row in found.values_list(*columns)}


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
