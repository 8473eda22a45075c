"""The list of interactions: filters, keyset pages, no full count."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from interactions.admin.links import here, to_interaction, to_list, to_session
from interactions.admin.marks import LATENCY_LEGEND, Cost, cost_of, latency_dot, latency_title, short_id
from interactions.models import Interaction
from interactions.reading.filters import Filters, parse_filters
from interactions.reading.pages import Page, page_of
from interactions.reading.rows import ROW_FIELDS
from observatory.core.errors import ApiError
from observatory.core.time_range import quick_range, range_choices
from observatory.projects.models import Project

ROWS_A_PAGE = 50
KNOWN_AMONG = 1_000
FILTER_LABELS = {
    "q": "text",
    "model": "model",
    "status": "status",
    "environment": "environment",
    "session_id": "session",
    "user_id": "user",
    "since": "since",
    "until": "until",
}
MORE_FILTERS = ("session_id", "user_id", "since", "until")


@dataclass(frozen=True, slots=True)
class Row:
    """An interaction as the table shows it."""

    one: Interaction
    url: str
    session_url: str
    session: str
    user_url: str
    has_tokens: bool
    latency_dot: str
    latency_title: str
    cost: Cost


def list_context(request: HttpRequest, project: Project) -> dict[str, Any]:
    """What the template needs. A filter that cannot be understood is named on the page, which then shows no rows."""
    now = timezone.now()
    chosen_range = quick_range(request.GET, now=now)
    context = {
        "ranges": range_choices(chosen_range, lambda key: here(request, range=key, since=None, until=None)),
        "values": {name: request.GET.get(name, "").strip() for name in FILTER_LABELS},
        "chips": _chips(request),
        "clear_url": here(request, **dict.fromkeys((*FILTER_LABELS, "range"))),
        "is_more_open": any(request.GET.get(name) for name in MORE_FILTERS),
        "latency_legend": LATENCY_LEGEND,
        "project_rows": Interaction.objects.for_project(project).exists(),
    }
    try:
        filters = parse_filters(request.GET)
        if chosen_range.since:
            filters = replace(filters, since=chosen_range.since)
        page = _page(project, filters, request.GET.get("cursor", ""))
    except ApiError as error:
        field = FILTER_LABELS.get(error.field or "", error.field)
        return {**context, "problem": f"{field}: {error}", "rows": [], **known_values(project)}
    return {
        **context,
        **known_values(project),
        "rows": [row_of(one, request, project) for one in page.rows],
        "newer_url": page.newer and here(request, cursor=page.newer),
        "older_url": page.older and here(request, cursor=page.older),
        "newest_url": request.GET.get("cursor") and here(request),
    }


def _page(project: Project, filters: Filters, cursor: str) -> Page:
    interactions = Interaction.objects.for_project(project).exchanges().only(*ROW_FIELDS)
    return page_of(filters.apply(interactions), cursor=cursor, limit=ROWS_A_PAGE)


def row_of(one: Interaction, request: HttpRequest, project: Project) -> Row:
    has_tokens = one.input_tokens is not None or one.output_tokens is not None
    return Row(
        one=one,
        url=to_interaction(project, one.pk),
        session_url=to_session(project, one.session_id) if one.session_id else "",
        session=short_id(one.session_id),
        user_url=to_list(request, user_id=one.user_id) if one.user_id else "",
        has_tokens=has_tokens,
        latency_dot=latency_dot(one.latency_ms),
        latency_title=latency_title(one.latency_ms),
        cost=cost_of(one.cost_usd, model=one.model, has_tokens=has_tokens),
    )


def known_values(project: Project) -> dict[str, list[str]]:
    """The models and environments of the latest interactions, as suggestions: exact over all would read all."""
    latest = Interaction.objects.for_project(project).newest_first().values_list("model", "environment")
    pairs = set(latest[:KNOWN_AMONG])
    return {
        "models": sorted({model for model, _ in pairs if model}),
        "environments": sorted({environment for _, environment in pairs if environment}),
    }


def _chips(request: HttpRequest) -> list[dict[str, str]]:
    """The filters that are set, each with the address of this page without it."""
    return [
        {"label": label, "value": request.GET[name].strip(), "url": here(request, **{name: None})}
        for name, label in FILTER_LABELS.items()
        if request.GET.get(name, "").strip()
    ]
