"""The list of interactions: what is asked for in its address, and all that the page shows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from interactions.admin.facet_links import facet_links
from interactions.admin.highlight import Pieces, from_hit, highlighter
from interactions.admin.links import here, list_query, to_interaction, to_list, to_session, to_trace
from interactions.admin.list_total import total_of, with_all_counted
from interactions.admin.marks import LATENCY_LEGEND, MODEL_CHARS, Cost, cost_of, latency_dot, latency_title, short_id
from interactions.admin.said import Badge, badges_of
from interactions.admin.saved_views import views_context
from interactions.admin.selected import MANY_AHEAD, asked_for, edge_of, selection_of
from interactions.admin.strip import strip_of
from interactions.models import Interaction
from interactions.reading.by_id import Named, named
from interactions.reading.facets import Sample, facets_of, newest_passing
from interactions.reading.filters import AI_STEP, NO_AI_STEP, PARAMETERS, RANGES
from interactions.reading.opinions import CHOICES, Opinion, list_actions_for, opinions_of
from interactions.reading.pages import Page, page_of, parse_limit
from interactions.reading.rows import LIST_FIELDS
from interactions.reading.selection import Selection
from observatory.core.errors import ApiError
from observatory.core.time_range import quick_range, range_choices
from observatory.projects.models import Project

SIZES = (50, 100)
TYPED = ("session_id", "user_id", *RANGES)
FILTER_LABELS = {
    "q": "text",
    "model": "model",
    "provider": "provider",
    "status": "status",
    "error_type": "error type",
    "feedback": "feedback",
    "quality": "quality",
    AI_STEP: "AI step",
    "environment": "environment",
    "release": "release",
    "prompt_name": "prompt",
    "prompt_version": "prompt version",
    "category": "category",
    "tag": "tag",
    "session_id": "session",
    "user_id": "user",
    "min_latency_ms": "latency from (ms)",
    "max_latency_ms": "latency below (ms)",
    "min_cost_usd": "cost from ($)",
    "max_cost_usd": "cost below ($)",
    "since": "since",
    "until": "until",
}


@dataclass(frozen=True, slots=True)
class Row:
    """An interaction as the table shows it. Its texts come in pieces, those that were looked for marked."""

    one: Interaction
    url: str
    question: Pieces
    answer: Pieces
    is_hit_below: bool
    session_url: str
    session: str
    user_url: str
    user: str
    model: str
    has_tokens: bool
    latency_dot: str
    latency_title: str
    cost: Cost
    badges: Sequence[Badge]


def list_context(request: HttpRequest, project: Project) -> dict[str, Any]:
    """What the template needs. A filter that cannot be understood is named on the page, which then shows no rows."""
    now = timezone.now()
    chosen_range = quick_range(request.GET, now=now)
    values = {name: request.GET.get(name, "").strip() for name in FILTER_LABELS}
    labels = {name: label for name, label in FILTER_LABELS.items() if values[name]}
    context = {
        "ranges": range_choices(chosen_range, lambda key: here(request, range=key, since=None, until=None)),
        "values": values,
        "kept_by_search": _kept(request, project, without=("q", "since", "until")),
        "kept_by_typed": _kept(request, project, without=TYPED),
        "chips": [
            {"label": label, "value": _words(name, values[name]), "url": here(request, **{name: None})}
            for name, label in labels.items()
        ],
        "clear_url": f"?{urlencode({'project': project.slug})}",
        "latency_legend": LATENCY_LEGEND,
        "project_rows": Interaction.objects.for_project(project).exists(),
        **views_context(request, project),
    }
    try:
        filters, limit = asked_for(request.GET, now=now), _limit(request.GET)
        selection, ahead = selection_of(project, filters, now=now)
        page = page_of(selection, fields=LIST_FIELDS, cursor=request.GET.get("cursor", ""), limit=limit)
        passing = _all_of(page, request) or newest_passing(selection)
    except ApiError as error:
        field = FILTER_LABELS.get(error.field or "", error.field)
        return {**context, "problem": f"{field}: {error}", "rows": []}
    known = named(project.pk, filters.q)
    # Its columns are of interactions, of which a list of traces without any AI step has none.
    strip = None if filters.ai_step else strip_of(project.pk, filters, now=now, labels=labels)
    status, *facets = facets_of(selection, passing)
    return {
        **context,
        **_paging(request, page, limit),
        "rows": _rows(request, project, selection, page),
        "named": known,
        "named_url": known and _named_url(project, known),
        "plain_url": "" if filters.ai_step else here(request, **{AI_STEP: NO_AI_STEP}),
        "ahead": ahead and f"more than {MANY_AHEAD}" if ahead > MANY_AHEAD else ahead,
        "ahead_url": here(request, since=edge_of(now).isoformat(), until=None, range=None),
        "facets": facet_links(request, [with_all_counted(status, strip), *facets], passing),
        "strip": strip,
        "total": total_of(request, passing, strip),
        "strip_url": f"?{urlencode(_kept(request, project, without=('since', 'until', 'range')))}",
        "csv_url": f"{reverse('admin:interactions_interaction_csv')}{here(request)}",
        "panel_query": _panel_query(project, values),
        "actions": list_actions_for(project.slug, list_query(request)),
    }


def _words(name: str, value: str) -> str:
    return CHOICES.get(name, {}).get(value, value)


def _named_url(project: Project, known: Named) -> str:
    return to_trace(project, known.trace_id) if known.key is None else to_interaction(project, known.key)


def _panel_query(project: Project, values: Mapping[str, str]) -> str:
    """What composes a board with this list as its panel, as boards name it: its filters, for the time is the board's."""
    filters = {name: value for name, value in values.items() if value and name not in {"since", "until"}}
    return urlencode({"project": project.slug, "add": f"interactions:{urlencode(filters)}"})


def _all_of(page: Page, request: HttpRequest) -> Sample | None:
    """The rows of the first page, where they are all that a look finds with filters: it may have been a long one."""
    is_full = page.older and not page.looked_until
    if is_full or request.GET.get("cursor") or not any(request.GET.get(name) for name in PARAMETERS):
        return None
    return list(page.rows), page.looked_until is not None


def _limit(parameters: Mapping[str, str]) -> int:
    limit = parse_limit(parameters)
    if limit > SIZES[-1]:
        raise ApiError("invalid", f"the page shows {SIZES[-1]} rows at most", field="limit")
    return limit


def _paging(request: HttpRequest, page: Page, limit: int) -> dict[str, Any]:
    return {
        "newer_url": page.newer and here(request, cursor=page.newer),
        "older_url": page.older and here(request, cursor=page.older),
        "newest_url": request.GET.get("cursor") and here(request),
        "looked_until": page.looked_until,
        "sizes": [{"label": size, "url": here(request, limit=str(size)), "is_current": size == limit} for size in SIZES],
    }


def _kept(request: HttpRequest, project: Project, *, without: Collection[str]) -> dict[str, str]:
    """The address of this list for a form, or a strip, that says the rest of it itself."""
    names = [name for name in (*PARAMETERS, "range", "limit") if name not in without and request.GET.get(name)]
    return {"project": project.slug, **{name: request.GET[name] for name in names}}


def _rows(request: HttpRequest, project: Project, selection: Selection, page: Page) -> list[Row]:
    pieces = highlighter(selection.filters.q)
    said = opinions_of(project.pk, [one.interaction_id for one in page.rows])
    return [_row(one, request, project, pieces, said.get(one.interaction_id, ())) for one in page.rows]


def _row(one: Interaction, request: HttpRequest, project: Project, pieces: Any, said: Sequence[Opinion]) -> Row:
    has_tokens = one.input_tokens is not None or one.output_tokens is not None
    question, answer = from_hit(pieces(one.query_preview or one.name)), from_hit(pieces(one.answer_preview))
    return Row(
        one=one,
        url=to_interaction(project, one.pk, list_query(request)),
        question=question,
        answer=answer,
        is_hit_below=pieces.is_asked and not any(is_hit for _, is_hit in (*question, *answer)),
        session_url=to_session(project, one.session_id) if one.session_id else "",
        session=short_id(one.session_id),
        user_url=to_list(request, user_id=one.user_id) if one.user_id else "",
        user=short_id(one.user_id),
        model=short_id(one.model, MODEL_CHARS),
        has_tokens=has_tokens,
        latency_dot=latency_dot(one.latency_ms),
        latency_title=latency_title(one.latency_ms),
        cost=cost_of(one.cost_usd, model=one.model, has_tokens=has_tokens),
        badges=badges_of(said),
    )
