"""The list of scores: what is asked for in its address, and all that the page shows."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from feedback.admin.score_filters import CHOICES, DEFAULT_RANGE, FIELDS, SORTS, Asked, asked_for
from feedback.admin.score_links import to_answer, to_score, to_training
from feedback.admin.score_spread import MOST_READ, among_newest, pairing_of, spread_of
from feedback.models import Score
from feedback.opinions.read import COLUMNS, opinion
from feedback.quality.catalogue import evaluators
from feedback.reading.pages import page_of
from interactions.admin.links import here, to_session
from interactions.admin.said import line_of
from interactions.models import Interaction
from observatory.core.errors import ApiError
from observatory.core.time_range import quick_range, range_choices
from observatory.projects.models import Project

ROWS = 50
SAMPLE = 2_000  # newest scores, whose names are offered


def scores_context(request: HttpRequest, project: Project, *, now: datetime) -> dict[str, Any]:
    """What the template needs. A filter that cannot be understood is named on the page, which then shows no rows."""
    chosen = quick_range(request.GET, now=now, default=DEFAULT_RANGE)
    context = {
        "ranges": range_choices(chosen, lambda key: here(request, range=key, since=None, until=None)),
        "values": {name: request.GET.get(name, "").strip() for name in FIELDS},
        "selects": [_select(name, request.GET.get(name, "")) for name in ("source", "state", "passed", "flagged")],
        "sorts": SORTS,
        "range_key": chosen.key if request.GET.get("range") else "",
        "clear_url": f"?project={project.slug}",
        "training_url": to_training(project),
    }
    try:
        asked = asked_for(project.pk, request.GET, now=now)
        rows, older = _page(asked, request.GET.get("cursor", ""))
    except ApiError as error:
        return {**context, "problem": f"{error.field}: {error}", "rows": [], "names": []}
    return {
        **context,
        "names": _names(project.pk, asked),
        "rows": _rows(project, rows),
        "older_url": older and here(request, cursor=older),
        "newest_url": request.GET.get("cursor") and here(request),
        "is_lowest_first": asked.is_lowest_first,
        "most_read": MOST_READ,
        **(_figures(project, asked) if asked.name else {}),
        "csv_url": f"{reverse('admin:feedback_score_csv')}{here(request)}",
        "any": bool(rows) or Score.objects.for_project(project).exists(),
    }


def _select(name: str, chosen: str) -> tuple[str, str, list[tuple[str, str, bool]]]:
    return name, name.capitalize(), [(word, word.replace("_", " "), word == chosen) for word in CHOICES[name]]


def _figures(project: Project, asked: Asked) -> dict[str, Any]:
    shown, is_cut = among_newest(asked.wanted)
    return {
        "spread": spread_of(shown, is_cut=is_cut),
        "pairing": pairing_of(project.pk, shown, asked.other) if asked.other else None,
    }


def _page(asked: Asked, cursor: str) -> tuple[list[Score], str | None]:
    """A page, the newest first; or the lowest among the newest MOST_READ, of which there are no further pages."""
    if not asked.is_lowest_first:
        return page_of(asked.wanted, cursor=cursor, limit=ROWS)
    found = among_newest(asked.wanted)[0].exclude(value=None).order_by("value", "-at", "-id")
    return list(found[:ROWS]), None


def _names(project_id: int, asked: Asked) -> list[tuple[str, int]]:
    """The names to choose from: those of the newest, with how many they are there; then those that are declared."""
    newest = Score.objects.for_project(project_id).order_by("-at", "-id").values_list("name", flat=True)[:SAMPLE]
    counts = Counter(newest)
    for name in (*(one.name for one in evaluators()), "rating", "review", asked.name, asked.other):
        if name:
            counts.setdefault(name, 0)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _rows(project: Project, scores: Sequence[Score]) -> list[dict[str, Any]]:
    ids = {score.interaction_id for score in scores if score.interaction_id}
    found = Interaction.objects.for_project(project).filter(interaction_id__in=ids)
    answers = {one.interaction_id: one for one in found.only("interaction_id", "query_preview", "answer_preview")}
    sessions = _sessions(project, {score.session_id for score in scores if score.session_id and not score.interaction_id})
    return [
        _row(project, score, answers.get(score.interaction_id) if score.interaction_id else None)
        | {"session_url": to_session(project, score.session_id) if score.session_id in sessions else ""}
        for score in scores
    ]


def _sessions(project: Project, ids: Collection[str]) -> set[str]:
    """Those of the sessions that have a page: they may have no turns yet, or none any more."""
    if not ids:
        return set()
    turns = Interaction.objects.for_project(project).exchanges().filter(session_id__in=ids).exclude(session_id="")
    return set(turns.values_list("session_id", flat=True).distinct())


def _row(project: Project, score: Score, answer: Interaction | None) -> dict[str, Any]:
    one = opinion({name: getattr(score, name) for name in COLUMNS})
    return {
        "one": score,
        "line": line_of(one),
        "source": one.source,
        "state": one.state,
        "url": to_score(project, score.pk),
        "answer": answer,
        "answer_url": to_answer(project, score.interaction_id) if answer else "",
    }
