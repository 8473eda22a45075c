"""What the address of a list selects: its filters and its time, without what is dated ahead of the clock."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from interactions.models import Interaction, Origin
from interactions.reading.filters import Filters, parse_filters
from interactions.reading.recent import AHEAD
from interactions.reading.selection import Selection
from observatory.core.time_range import quick_range
from observatory.projects.models import Project

MANY_AHEAD = 100


def asked_for(parameters: Mapping[str, str], *, now: datetime) -> Filters:
    """The filters of an address with its time range; ApiError names what cannot be understood."""
    filters = parse_filters(parameters)
    chosen_range = quick_range(parameters, now=now)
    return replace(filters, since=chosen_range.since) if chosen_range.since else filters


def selection_of(project: Project, filters: Filters, *, now: datetime) -> tuple[Selection, int]:
    """What a list and its file show: what passes up to now, and how many are dated later, counted up to MANY_AHEAD + 1.

    They would stay on top of all that comes, perhaps for years. A list that asks for such a time shows them.
    """
    selection, edge = Selection(project.pk, filters), edge_of(now)
    if filters.until or (filters.since and filters.since >= edge):
        return selection, 0
    own = Interaction.objects.for_project(project)
    listed = own.filter(origin=Origin.PLAIN) if filters.ai_step else own.exchanges()
    ahead = len(listed.filter(asked_at__gte=edge).values_list("id")[: MANY_AHEAD + 1])
    return Selection(project.pk, replace(filters, until=edge)) if ahead else selection, ahead


def edge_of(now: datetime) -> datetime:
    """From when on a time is dated ahead."""
    return (now + AHEAD).replace(second=0, microsecond=0)
