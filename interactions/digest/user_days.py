"""The days of users: marked with the facts that change them, made anew a little later, removed with their facts.

A mark is the row itself, so a day that changes a thousand times waits once. Whoever marks or makes anew holds the lease of
the digest, so no change falls between reading and writing.
"""

import math
import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.utils import timezone

from interactions.latency import CATEGORIES
from interactions.metrics.sources import INTERACTIONS
from interactions.models import Interaction, UserDay
from observatory.core import bulk
from observatory.core.leases import acquire, fence, release
from observatory.core.moments import LAST, moment_of
from observatory.metrics.horizons import horizons
from observatory.metrics.models import Horizon

LEASE, LEASE_S = "digest", 60
DAYS_A_BATCH = 200
MARKS_A_STATEMENT = 200
MOST_S, EVERY_S = 0.5, 5.0  # a tenth of a core at most, and a digest never waits for long
KEY = ("project_id", "user_id", "day")
COUNTED = (Q(input_tokens__isnull=False) | Q(output_tokens__isnull=False)) & Q(cost_usd=None)
FIGURES = {
    "requests": Count("id"),
    "errors": Count("id", filter=Q(is_error=True)),
    "sessions": Count("session_id", distinct=True, filter=~Q(session_id="")),
    "slow": Count("id", filter=Q(latency_ms__gte=CATEGORIES[-1][0])),
    "timed": Count("latency_ms"),
    "latency_ms": Sum("latency_ms"),
    "rated": Count("confidence"),
    "confidence": Sum("confidence"),
    "priced": Count("cost_usd"),
    "unpriced": Count("id", filter=COUNTED),
    "cost_usd": Sum("cost_usd"),
    "input_tokens": Sum("input_tokens"),
    "output_tokens": Sum("output_tokens"),
    "first_at": Min("asked_at"),
    "last_at": Max("asked_at"),
}
TIMES = ("first_at", "last_at")


def mark(project_id: int, asked: Iterable[tuple[str, datetime]]) -> None:
    """Mark the days of `(user, time)` as stale, in the transaction that changes their interactions."""
    days = {(project_id, user_id, at.astimezone(UTC).date().isoformat()) for user_id, at in asked if user_id}
    # Day by day: what is marked together is computed together, and a day of many users is one statement.
    ordered = sorted(days, key=lambda key: (key[2], key[1]))
    for place in range(0, len(ordered), MARKS_A_STATEMENT):
        rows = [(*key, True) for key in ordered[place : place + MARKS_A_STATEMENT]]
        bulk.upsert(UserDay, (*KEY, "is_stale"), rows, unique=KEY, replaced=("is_stale",), returning=("id",))


def refresh(*, most_s: float = math.inf) -> int:
    """Make stale days anew, for about `most_s` seconds, and return how many; while another process digests they wait."""
    made, until = 0, time.monotonic() + most_s
    while (
        time.monotonic() < until
        and UserDay.objects.filter(is_stale=True).exists()
        and acquire(LEASE, now=timezone.now(), seconds=LEASE_S)
    ):
        try:
            with transaction.atomic():
                fence(LEASE, now=timezone.now(), seconds=LEASE_S)
                made += _refresh_batch()
        finally:
            release(LEASE)
    return made


class Refresher:
    """`refresh`, but so seldom and short that nobody feels it: a user who asks all the time changes their day each time."""

    def __init__(self) -> None:
        self._next = 0.0

    def __call__(self) -> None:
        started = time.monotonic()
        if started >= self._next:
            refresh(most_s=MOST_S)
            self._next = started + EVERY_S


def forget_before(project_id: int) -> None:
    """Remove the days whose interactions have begun to go: what is left of these would pass for the whole."""
    first = first_whole_day(project_id)
    if first:
        UserDay.objects.filter(project_id=project_id, day__lt=first).delete()


def forget_user(project_id: int, user_id: str) -> None:
    """Remove every day of a user whose interactions are erased."""
    UserDay.objects.filter(project_id=project_id, user_id=user_id).delete()


def first_whole_day(project_id: int) -> date | None:
    """The first day of which every interaction is still there; None if none was ever removed for its age."""
    until = horizons(project_id, INTERACTIONS.name).get(Horizon.FACTS)
    if until is None:
        return None
    at = moment_of(until)
    return at.date() if at.time() == datetime.min.time() else at.date() + timedelta(days=1)


def _refresh_batch() -> int:
    stale = list(UserDay.objects.filter(is_stale=True).order_by("id").values_list("id", *KEY)[:DAYS_A_BATCH])
    days: dict[tuple[int, date], list[str]] = defaultdict(list)
    for _, project_id, user_id, day in stale:
        days[project_id, day].append(user_id)
    rows = [row for (project_id, day), users in days.items() for row in _computed(project_id, day, users)]
    # Read after the facts: if some of these went meanwhile, their horizon has moved with them.
    first = {project_id: first_whole_day(project_id) for project_id, _ in days}
    rows = [row for row in rows if (begin := first[row.project_id]) is None or row.day >= begin]
    UserDay.objects.filter(id__in=[row[0] for row in stale]).delete()
    UserDay.objects.bulk_create(rows)
    return len(stale)


def _computed(project_id: int, day: date, users: list[str]) -> list[UserDay]:
    """The rows of these users for a day; none for those without interactions."""
    found = of_day(project_id, day).filter(user_id__in=users).values("user_id").order_by("user_id").annotate(**FIGURES)
    return [
        UserDay(
            project_id=project_id,
            day=day,
            is_stale=False,
            **{name: value if name in TIMES else value or 0 for name, value in row.items()},
        )
        for row in found
    ]


def of_day(project_id: int, day: date) -> QuerySet[Interaction]:
    """The interactions of a day with a user. The negation is that of the partial index, which SQLite takes only if said."""
    start = datetime.combine(day, datetime.min.time(), UTC)
    window = {"asked_at__gte": start, "asked_at__lt": start + min(timedelta(days=1), LAST - start)}
    return Interaction.objects.for_project(project_id).exchanges().filter(~Q(user_id=""), **window)
