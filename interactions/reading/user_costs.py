"""What users cost by day, from their days: none of their interactions is read."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, QuerySet, Sum

from interactions.models import UserDay

MOST_DAYS = 92
MOST_ROWS = 30_000  # of days of users: a tenth of a second of adding up
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class UserCost:
    user_id: str
    cost_usd: float
    requests: int
    priced: int
    unpriced: int
    days: int


@dataclass(frozen=True, slots=True)
class UserCosts:
    """The `top` users by cost from the day `first` on; `daily` has what each cost on each day, and "" for all the others.

    `total` is of `users` users.
    """

    first: date
    top: list[UserCost]
    daily: dict[tuple[str, date], float]
    total: float
    users: int


def user_costs(project_id: int, first: date, last: date, *, most: int) -> UserCosts:
    """Return what the users cost on the days from `first` to `last`, both included.

    At most the last MOST_DAYS, and of these the latest that have MOST_ROWS rows together; the last day alone may have more.
    """
    first = max(first, last - (MOST_DAYS - 1) * DAY)
    days = UserDay.objects.filter(project_id=project_id, day__gte=first, day__lte=last)
    beyond = next(iter(days.order_by("-day").values_list("day", flat=True)[MOST_ROWS : MOST_ROWS + 1]), None)
    if beyond is not None:
        first = min(beyond + DAY, last)
        days = days.filter(day__gte=first)
    days = days.filter(priced__gt=0)
    sums = {
        "cost": Sum("cost_usd"),
        "asked": Sum("requests"),
        "known": Sum("priced"),
        "gaps": Sum("unpriced"),
        "seen": Count("id"),
    }
    ranked = list(days.values("user_id").annotate(**sums).order_by("-cost", "user_id").values_list("user_id", *sums))
    top = [UserCost(*row) for row in ranked[:most]]
    return UserCosts(first, top, _by_day(days, [one.user_id for one in top]), sum(row[1] for row in ranked), len(ranked))


def _by_day(days: QuerySet[UserDay], names: list[str]) -> dict[tuple[str, date], float]:
    own = days.filter(user_id__in=names).values_list("user_id", "day", "cost_usd")
    found = {(user_id, day): cost for user_id, day, cost in own}
    for day, cost in days.values_list("day").annotate(Sum("cost_usd")):
        rest = cost - sum(found.get((name, day), 0.0) for name in names)
        found["", day] = max(0.0, rest)
    return found
