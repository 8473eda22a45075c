"""From an interaction to the next one of the list that it was opened from, and back to that list."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone

from interactions.admin.links import WITHIN, to_interaction
from interactions.admin.selected import asked_for
from interactions.models import Interaction
from interactions.reading.filters import Filters
from interactions.reading.neighbours import neighbours
from interactions.reading.selection import Selection
from observatory.core.errors import ApiError
from observatory.projects.models import Project

MAX_CHARS = 4_000


def steps_context(request: HttpRequest, project: Project, one: Interaction | None) -> dict[str, Any]:
    """Addresses of the newer and the older interaction and of the list; a list that makes no sense is the whole one."""
    within = request.GET.get(WITHIN, "")[:MAX_CHARS]
    query = QueryDict(within)
    try:
        filters = asked_for(query, now=timezone.now())
    except ApiError:
        within, filters = "", Filters()
    found = neighbours(Selection(project.pk, filters), one) if one else None
    return {
        "newer_url": found and found.newer and to_interaction(project, found.newer, within),
        "older_url": found and found.older and to_interaction(project, found.older, within),
        "is_narrowed": bool(within),
        "list_url": f"{reverse('admin:interactions_interaction_changelist')}?{_joined(project, within)}",
    }


def _joined(project: Project, within: str) -> str:
    own = urlencode({"project": project.slug})
    return f"{own}&{within}" if within else own
