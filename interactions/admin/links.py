"""Addresses of the pages, each with the project it belongs to."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from interactions.reading.filters import PARAMETERS
from observatory.projects.frame import with_frame
from observatory.projects.models import Project

WITHIN = "in"  # the query parameter with the list's own query


def to_list(request: HttpRequest, **filters: str) -> str:
    url = with_frame(reverse("admin:interactions_interaction_changelist"), request)
    return f"{url}{'&' if '?' in url else '?'}{urlencode(filters)}" if filters else url


def to_interaction(project: Project, pk: int, within: str = "") -> str:
    """`within` is the query of the list that it is opened from, for the way to the next one: see `list_query`."""
    query = {"project": project.slug, **({WITHIN: within} if within else {})}
    return f"{reverse('admin:interactions_interaction_change', args=[pk])}?{urlencode(query)}"


def list_query(request: HttpRequest) -> str:
    """What the list of this request is narrowed by, as one text."""
    return urlencode({name: request.GET[name] for name in (*PARAMETERS, "range") if request.GET.get(name)})


def to_trace(project: Project, trace_id: str, **more: str) -> str:
    return f"{reverse('admin:interactions_trace')}?{urlencode({'project': project.slug, 'id': trace_id, **more})}"


def to_session(project: Project, session_id: str) -> str:
    return f"{reverse('admin:interactions_session_detail')}?{urlencode({'project': project.slug, 'id': session_id})}"


def to_user(project: Project, user_id: str) -> str:
    return f"{reverse('admin:interactions_user_detail')}?{urlencode({'project': project.slug, 'id': user_id})}"


def here(request: HttpRequest, **changes: str | None) -> str:
    """The address of this page with some parameters changed; None leaves one out. A changed filter starts at the top."""
    given = request.GET.lists()  # a copy of the whole, as Django makes one, took a tenth of a page with many of these
    kept = [(name, value) for name, values in given for value in values if name != "cursor" and name not in changes]
    changed = [(name, value) for name, value in changes.items() if value is not None]
    return f"?{urlencode(kept + changed, encoding=request.GET.encoding)}"
