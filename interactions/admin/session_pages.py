"""Sessions: those that spoke last, and one as the chat that it was."""

from typing import Any

from django.http import Http404, HttpRequest

from interactions.admin.links import to_list, to_session, to_trace
from interactions.admin.marks import Cost, cost_of, latency_dot, latency_title
from interactions.admin.texts import blocks_of
from interactions.reading.sessions import RECENT_INTERACTIONS, find_session, recent_sessions
from observatory.projects.models import Project

MAX_ROWS = 200


def sessions_context(request: HttpRequest, project: Project) -> dict[str, Any]:
    rows = recent_sessions(project.id)
    return {
        "rows": [
            {
                "one": row,
                "url": to_session(project, row.session_id),
                "user_url": to_list(request, user_id=row.user_id) if row.user_id else "",
                "models": sorted(row.models),
                "cost": cost_of(row.cost_usd, model=", ".join(sorted(row.models)), has_tokens=row.has_tokens),
            }
            for row in rows[:MAX_ROWS]
        ],
        "hidden": max(0, len(rows) - MAX_ROWS),
        "among": RECENT_INTERACTIONS,
    }


def session_context(request: HttpRequest, project: Project) -> dict[str, Any]:
    session_id = request.GET.get("id", "")
    session = None if not session_id or "\x00" in session_id else find_session(project.id, session_id)
    if session is None:
        raise Http404("There is no such session in this project.")
    return {
        "title": f"Session {session_id}",
        "session": session,
        "cost": _session_cost(session),
        "user_url": session["user_id"] and to_list(request, user_id=session["user_id"]),
        "list_url": to_list(request, session_id=session_id),
        "turns": [_turn(project, turn) for turn in session["interactions"]],
    }


def _session_cost(session: dict[str, Any]) -> Cost:
    models = ", ".join(sorted({turn["model"] for turn in session["interactions"] if turn["model"]}))
    return cost_of(session["cost_usd"], model=models, has_tokens=session["input_tokens"] is not None)


def _turn(project: Project, turn: dict[str, Any]) -> dict[str, Any]:
    has_tokens = turn["input_tokens"] is not None or turn["output_tokens"] is not None
    error = turn.get("error") if isinstance(turn.get("error"), dict) else {}
    return {
        "one": turn,
        "url": to_trace(project, turn["trace_id"]),
        "question": blocks_of(turn["query"]),
        "answer": blocks_of(turn["answer"]),
        "is_error": turn["status"] == "error",
        "error": blocks_of(error.get("message")) if error else [],
        "latency_dot": latency_dot(turn["latency_ms"]),
        "latency_title": latency_title(turn["latency_ms"]),
        "cost": cost_of(turn["cost_usd"], model=turn["model"], has_tokens=has_tokens),
    }
