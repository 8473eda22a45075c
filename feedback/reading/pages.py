"""Pages of scores, newest first, by keyset; what no index knows is looked for within a bounded look."""

from dataclasses import dataclass, field

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from feedback.models import Score
from interactions.reading.pages import cursor_of, place_behind
from interactions.reading.selection import REACH, newer, older

TIME = "at"
# As no index has them: asked for the plain name, SQLite would go through all scores of the name to find those of one session
# or user; ordered by the plain column, through all of the project to find those of one answer.
SORTED_TIME, NAMED = Coalesce(TIME, TIME), Coalesce("name", "name")


@dataclass(frozen=True, slots=True)
class Wanted:
    """`within` is what an index finds; `rest` is looked for among it. `is_of_few`: of one answer."""

    within: QuerySet[Score]
    rest: Q = field(default_factory=Q)
    is_of_few: bool = False


def page_of(wanted: Wanted, *, cursor: str, limit: int) -> tuple[list[Score], str | None]:
    """Return a page and the cursor of the next; None at the end. With `rest` it looks through REACH scores."""
    time = SORTED_TIME if wanted.is_of_few else F(TIME)
    rows = wanted.within.order_by(time.desc(), "-id")
    if cursor:
        place = place_behind(cursor)
        rows = rows.filter(older(place, time=TIME), at__lte=place[0])
    end = None
    if wanted.rest:
        end = next(iter(rows.values_list(TIME, "id")[REACH - 1 : REACH]), None)
        rows = rows.filter(wanted.rest)
    if end:
        rows = rows.filter(newer(end, or_same=True, time=TIME), at__gte=end[0])
    found = list(rows[: limit + 1])
    if len(found) > limit:
        return found[:limit], cursor_of("o", (found[limit - 1].at, found[limit - 1].pk))
    return found, cursor_of("o", end)
