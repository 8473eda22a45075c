"""A page of panels: what was asked for in the address, and what each panel answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from observatory.core.errors import ApiError
from observatory.core.time_range import ALL, quick_range, range_choices
from observatory.metrics.api.asked import parse_window
from observatory.metrics.series import Window
from observatory.projects.frame import frame_choice
from observatory.projects.models import Project
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, panel
from reports.panels.content import Content

# What a page can be narrowed by: labels that metrics of interactions have.
NARROWED_BY = ("environment", "model")
CHOICES_FROM = "interactions.count"


@dataclass(frozen=True, slots=True)
class Shown:
    panel: Panel
    content: Content


def panels_context(
    request: HttpRequest, project: Project, names: Sequence[str], *, now: datetime, default_range: str = "24h"
) -> dict[str, Any]:
    """What the template `reports/panels.html` needs. A time that cannot be understood is named on the page."""
    chosen = quick_range(request.GET, now=now, default=default_range)
    chosen = quick_range({}, now=now, default=default_range) if chosen.key == ALL else chosen
    frame = {**frame_choice(request), "project": project.slug}
    only = {name: request.GET[name] for name in NARROWED_BY if request.GET.get(name)}
    context = {
        "ranges": range_choices(chosen, lambda key: _here(request, range=key, since=None, until=None))[:-1],
        "frame": frame if chosen.key == "" else {**frame, "range": chosen.key},
        "only": only,
        "since": request.GET.get("since", ""),
        "until": request.GET.get("until", ""),
    }
    try:
        window = Window(chosen.since, now) if chosen.since else parse_window(request.GET, now=now)
    except ApiError as error:
        return {**context, "problem": f"{error.field}: {error}"}
    asked = Asked(project.id, window, now, only)
    return {
        **context,
        "window": window,
        "before": asked.before,
        "choices": {name: choices_of(asked, name) for name in NARROWED_BY},
        "shown": [Shown(one, one.answer(asked)) for one in map(panel, names)],
    }


def choices_of(asked: Asked, label: str) -> list[str]:
    """The values of a label in this window, and the chosen one even if it had no facts."""
    every = Asked(asked.project_id, asked.window, asked.now)
    chosen = [asked.only[label]] if label in asked.only else []
    return sorted({*every.summaries(CHOICES_FROM, label), *chosen} - {""})


def _here(request: HttpRequest, **changes: str | None) -> str:
    """The address of this page with some parameters changed; None leaves one out."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}"
