"""The list of sessions of a stretch of time."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from interactions.admin.links import here, to_session, to_user
from interactions.admin.marks import cost_of_sum
from interactions.admin.selected import asked_for, selection_of
from interactions.reading.session_list import SORTS, SessionRow, Sessions, sessions_of
from observatory.core.errors import ApiError
from observatory.core.time_range import quick_range, range_choices
from observatory.projects.models import Project

PARAMETERS = ("session_id", "since", "until", "range")
SHOWN, DEFAULT_SORT = 200, "last"


def sessions_context(request: HttpRequest, project: Project) -> dict[str, Any]:
    """What the template needs. What cannot be understood is named on the page, which then shows no rows."""
    now = timezone.now()
    values = {name: request.GET.get(name, "").strip() for name in PARAMETERS}
    chosen_range = quick_range(values, now=now)
    sort = request.GET.get("sort", DEFAULT_SORT)
    sort = sort if sort in SORTS else DEFAULT_SORT
    context = {
        "ranges": range_choices(chosen_range, lambda key: here(request, range=key, since=None, until=None)),
        "values": values,
        "is_narrowed": any(values.values()),
        "sort": sort,
        "sorts": {name: here(request, sort=name) for name in SORTS},
    }
    try:
        filters = asked_for({**values, "session_id": ""}, now=now)
        selection, _ = selection_of(project, filters, now=now)
        found = sessions_of(selection, sort=sort, session=asked_for(values, now=now).session_id)
    except ApiError as error:
        return {**context, "problem": f"{error.field}: {error}"}
    return {**context, **_found(request, project, found, since=filters.since)}


def _found(request: HttpRequest, project: Project, found: Sessions, *, since: datetime | None) -> dict[str, Any]:
    until = found.looked_until
    return {
        "rows": [_row(project, row) for row in found.rows[:SHOWN]],
        "total": len(found.rows),
        "hidden": max(0, len(found.rows) - SHOWN),
        "read": found.read,
        "looked_until": until,
        "older_url": until
        and here(request, range=None, since=since.isoformat() if since else None, until=until.isoformat()),
    }


def _row(project: Project, row: SessionRow) -> dict[str, Any]:
    return {
        "one": row,
        "url": to_session(project, row.session_id),
        "user_url": row.user_id and to_user(project, row.user_id),
        "cost": cost_of_sum(row.cost_usd, row.unpriced, model=", ".join(row.models)),
    }
