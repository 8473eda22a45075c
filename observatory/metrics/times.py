"""The times of facts, for rebuilding what was made of them."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Min, QuerySet

from observatory.core.moments import LAST

ROWS_A_FETCH = 5_000
DAY = timedelta(days=1)


def times_by_day(facts: QuerySet[Any], column: str) -> Callable[[int], Iterable[datetime]]:
    """Return what yields the times of a project's facts, with a statement a day.

    One statement over all facts would outlast the `statement_timeout` of PostgreSQL.
    """

    def times(project_id: int) -> Iterable[datetime]:
        own = facts.filter(project_id=project_id).order_by()
        ends = own.aggregate(first=Min(column), last=Max(column))
        start = ends["first"]
        while start is not None and start <= ends["last"]:
            if start > LAST - DAY:
                yield from own.filter(**{f"{column}__gte": start}).values_list(column, flat=True).iterator(ROWS_A_FETCH)
                return
            day = own.filter(**{f"{column}__gte": start, f"{column}__lt": start + DAY})
            yield from day.values_list(column, flat=True).iterator(ROWS_A_FETCH)
            # On to the next day that has any.
            start = own.filter(**{f"{column}__gte": start + DAY}).aggregate(first=Min(column))["first"]

    return times
