"""A page of panels: what was asked for in the address, and what each panel answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from observatory.core.errors import ApiError
from observatory.core.parameters import moment
from observatory.core.time_range import ALL, TimeRange, quick_range, range_choices
from observatory.metrics.api.asked import parse_window
from observatory.metrics.catalogue import MAX_LABEL_CHARS
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
    request: HttpRequest, project: Project, panels: Sequence[str | Panel], *, now: datetime, default_range: str = "24h"
) -> dict[str, Any]:
    """What the template `reports/panels.html` needs, of panels or their names. A time that is none is named on the page."""
    chosen = _range(request, now, default_range)
    frame = {**frame_choice(request), "project": project.slug}
    only = _only(request)
    kept = frame if chosen.key == "" else {**frame, "range": chosen.key}
    context: dict[str, Any] = {
        "ranges": range_choices(chosen, lambda key: _here(request, range=key, since=None, until=None))[:-1],
        "frame": kept,
        "only": only,
        "since": _in_field(request, "since"),
        "until": _in_field(request, "until"),
        # A stretch that ends now is shown anew while the page is looked at.
        "is_moving": chosen.key != "",
    }
    try:
        asked = asked_of(request, project, now=now, default_range=default_range)
    except ApiError as error:
        return {**context, "problem": f"{error.field}: {error}"}
    shown = [Shown(one, one.answer(asked)) for one in (panel(one) if isinstance(one, str) else one for one in panels)]
    return {
        **context,
        "window": asked.window,
        "before": asked.before,
        "shown": shown,
        "choices": [(name, choices_of(asked, name), only.get(name, "")) for name in NARROWED_BY],
        "csv_query": urlencode({**kept, **only}),
    }


def asked_of(request: HttpRequest, project: Project, *, now: datetime, default_range: str = "24h") -> Asked:
    """What the address asks. ApiError for a time that is none."""
    chosen = _range(request, now, default_range)
    window = Window(chosen.since, now) if chosen.since else parse_window(request.GET, now=now)
    return Asked(project.id, window, now, _only(request))


def _range(request: HttpRequest, now: datetime, default: str) -> TimeRange:
    chosen = quick_range(request.GET, now=now, default=default)
    return quick_range({}, now=now, default=default) if chosen.key == ALL else chosen


def _only(request: HttpRequest) -> dict[str, str]:
    """PostgreSQL takes no NUL, and no label is longer."""
    values = {name: request.GET.get(name, "") for name in NARROWED_BY}
    return {name: value for name, value in values.items() if value and "\x00" not in value and len(value) <= MAX_LABEL_CHARS}


def choices_of(asked: Asked, label: str) -> list[str]:
    """The values of a label in this window, and the chosen one even if it had no facts."""
    chosen = {asked.only[label]} if label in asked.only else set()
    return sorted((asked.values(CHOICES_FROM, label) | chosen) - {""})


def _in_field(request: HttpRequest, name: str) -> str:
    """A time as a browser's field takes it: in UTC, without a zone; "" of none, or of what is none."""
    try:
        found = moment(request.GET, name)
    except ApiError:
        return ""
    return f"{found:%Y-%m-%dT%H:%M:%S}" if found else ""


def _here(request: HttpRequest, **changes: str | None) -> str:
    """The address of this page with some parameters changed; None leaves one out."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}"
