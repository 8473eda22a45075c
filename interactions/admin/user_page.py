"""One user: the figures of a window, when they ask, what it costs, and their habits of the last 30 days."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from interactions.admin.links import here, to_list, to_session
from interactions.admin.user_charts import activity_chart, cost_chart, requests_chart
from interactions.reading.habits import contentment_of, favourites, habits_of
from interactions.reading.opinions import opinions_of_user
from interactions.reading.page_events import actions_of_user
from interactions.reading.said_feedback import feedback_in
from interactions.reading.user_statistics import figures_of_user, known_tokens, of_user, rows_of_user
from interactions.reading.users import days_of
from observatory.core.errors import ApiError
from observatory.core.formats import duration
from observatory.core.time_range import ALL, quick_range, range_choices
from observatory.metrics.api.answers import QUANTILES
from observatory.metrics.api.asked import parse_window
from observatory.metrics.series import Window
from observatory.projects.models import Project
from observatory.projects.roles import may_own
from observatory.stats.enough import too_few

DEFAULT_RANGE = "24h"
HABITS = timedelta(days=30)
MOST_ROWS = 5_000  # read for a page: a tenth of a second
MOST_COUNTED = 10_000
LISTED_SESSIONS = 20
MORE_COLUMNS = ("category", "name", "prompt_name", "query_preview", "id")


def user_context(request: HttpRequest, project: Project) -> dict[str, Any]:
    user_id, now = request.GET.get("id", ""), timezone.now()
    window, key, problem = _window(request, now)
    month = Window(now - HABITS, now)
    shown, is_cut = rows_of_user(project.pk, user_id, window, most=MOST_ROWS, more=MORE_COLUMNS)
    recent, is_recent_cut = rows_of_user(project.pk, user_id, month, most=MOST_ROWS, more=MORE_COLUMNS)
    latest = recent[0]["asked_at"] if recent else _last_at(project, user_id)
    if latest is None:
        raise Http404("There is no such user in this project.")
    days = days_of(project.pk, user_id, since=month.start.astimezone(UTC).date())
    sessions = list(dict.fromkeys(row["session_id"] for row in recent if row["session_id"]))
    feedback = feedback_in(opinions_of_user(project.pk, user_id, sessions, since=month.start))
    figures = figures_of_user(shown)
    list_url = to_list(request, user_id=user_id)
    return {
        "title": f"User {user_id}",
        "user_id": user_id,
        "problem": problem,
        "ranges": range_choices(key, lambda name: here(request, range=name, since=None, until=None))[:-1],
        "window": window,
        "figures": figures,
        "is_cut": is_cut,
        "is_recent_cut": is_recent_cut,
        "most": MOST_ROWS,
        "latencies": _quantiles(figures["latency_ms"], duration),
        "confidences": _quantiles(figures["confidence"], "{:.2f}".format),
        "error_percent": _percent(figures["error_rate"]),
        "tokens": known_tokens(shown),
        "activity": activity_chart(shown) if shown else None,
        "cost_chart": cost_chart(shown, window) if figures["priced"] else None,
        "habits": habits_of(recent, now=now),
        "requests_chart": requests_chart(days, month) if days else None,
        "contentment": contentment_of(feedback),
        "low_url": to_list(request, user_id=user_id, feedback="low"),
        "feedback": [said for said in reversed(feedback) if said.text][:5],
        "features": favourites(actions_of_user(project.pk, user_id, sessions, since=month.start)),
        "sessions": _sessions(project, recent),
        "hidden_sessions": max(0, len(sessions) - LISTED_SESSIONS),
        "list_url": list_url,
        "latest": latest,
        **(_erasure(project, user_id) if may_own(request.user, project) else {}),
    }


def _window(request: HttpRequest, now: datetime) -> tuple[Window, Any, str]:
    chosen = quick_range(request.GET, now=now, default=DEFAULT_RANGE)
    if chosen.key == ALL:
        chosen = quick_range({"range": "30d"}, now=now)
    default = quick_range({"range": DEFAULT_RANGE}, now=now)
    try:
        return (Window(chosen.since, now) if chosen.since else parse_window(request.GET, now=now)), chosen, ""
    except ApiError as error:
        return Window(default.since or now, now), default, f"{error.field}: {error}"


def _last_at(project: Project, user_id: str) -> datetime | None:
    if not user_id or "\x00" in user_id:
        return None
    return of_user(project.pk, user_id).order_by("-asked_at").values_list("asked_at", flat=True).first()


def _sessions(project: Project, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Their latest sessions, the newest first; the rows come the newest first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["session_id"]:
            found.setdefault(row["session_id"], []).append(row)
    return [
        {
            "id": session_id,
            "url": to_session(project, session_id),
            "turns": len(turns),
            "errors": sum(turn["is_error"] for turn in turns),
            "first_query": turns[-1]["query_preview"],
            "last_at": turns[0]["asked_at"],
            "lasted_ms": (turns[0]["asked_at"] - turns[-1]["asked_at"]) / timedelta(milliseconds=1),
        }
        for session_id, turns in list(found.items())[:LISTED_SESSIONS]
    ]


def _erasure(project: Project, user_id: str) -> dict[str, Any]:
    """What an erasure would take, counted up to MOST_COUNTED, and where it is asked for."""
    traces = Counter(of_user(project.pk, user_id).values_list("trace_id", flat=True)[: MOST_COUNTED + 1])
    query = urlencode({"project": project.slug, "kind": "user", "subject": user_id})
    return {
        "erase_url": f"{reverse('admin:interactions_erasure_add')}?{query}",
        "erase_interactions": min(traces.total(), MOST_COUNTED),
        "erase_traces": len(traces),
        "erase_is_more": traces.total() > MOST_COUNTED,
    }


def _quantiles(spread: dict[str, Any] | None, say: Callable[[float], str]) -> list[tuple[str, str]]:
    """The quantiles in words; for those of too few values, how many it takes."""
    if not spread:
        return []
    return [(name, too_few(spread["n"], q) or say(spread[name])) for name, q in QUANTILES.items()]


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share * 100:.1f} %"
