"""The page of a session: the chat that it was."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from interactions.admin.links import here, to_list, to_trace, to_user
from interactions.admin.marks import cost_of, cost_of_sum, latency_dot, latency_title
from interactions.admin.said import badges_of, said_of
from interactions.admin.texts import blocks_of
from interactions.confidence import LOW_CONFIDENCE
from interactions.reading.opinions import Opinion
from interactions.reading.session_turns import MOST_EVENTS, SessionEvent, SessionPage, page_of_turn, session_page
from interactions.reading.turns import Turn
from observatory.projects.models import Project

NAMED_TYPES = 4  # of the events between two turns; all of them are in the list behind


def session_context(request: HttpRequest, project: Project) -> dict[str, Any]:
    session_id = request.GET.get("id", "")
    number = int(text) if (text := request.GET.get("page", "")).isascii() and text.isdigit() and len(text) < 6 else 1
    known = bool(session_id) and "\x00" not in session_id
    session = session_page(project.id, session_id, page=number, now=timezone.now()) if known else None
    if session is None:
        raise Http404("There is no such session in this project.")
    bad = session.first_bad
    figures = session.figures
    return {
        "title": f"Session {session_id}",
        "session": session,
        "figures": figures,
        "cost": cost_of_sum(figures["cost_usd"], figures["unpriced"], model=", ".join(session.models), one="turn"),
        "user_url": session.user_id and to_user(project, session.user_id),
        "list_url": to_list(request, session_id=session_id),
        "entries": _entries(project, session),
        "said": said_of(session.said) if session.said else None,
        "bad": bad,
        "bad_url": bad and f"{_page_url(request, page_of_turn(bad.number))}#turn-{bad.number}",
        "asked_again": sum(turn.asks_again for turn in session.turns),
        "feedback": [said for turn in session.turns for said in turn.feedback],
        "pages": [(page, _page_url(request, page)) for page in _near(session.page, session.pages)],
        "judged": len(session.turns),
        "most_events": MOST_EVENTS,
        "low_confidence": LOW_CONFIDENCE,
    }


def _page_url(request: HttpRequest, page: int) -> str:
    return here(request, page=str(page))


def _near(page: int, pages: int) -> list[int]:
    """The pages that are worth a link: the ends, and those around this one."""
    return sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)})


def _entries(project: Project, session: SessionPage) -> list[dict[str, Any]]:
    """Turns and groups of events between them, by time."""
    found: list[dict[str, Any]] = []
    waiting = list(session.events)
    for turn, whole in zip(session.shown, session.whole, strict=True):
        before = [event for event in waiting if event.at < turn.spoken.at]
        waiting = waiting[len(before) :]
        found += [_group(before)] if before else []
        found.append(_turn(project, turn, whole, session.opinions.get(whole["interaction_id"], ())))
    return found + ([_group(waiting)] if waiting else [])


def _group(events: list[SessionEvent]) -> dict[str, Any]:
    counts = Counter(event.type for event in events)
    named = counts.most_common(NAMED_TYPES)
    return {"events": events, "counts": named, "more_types": len(counts) - len(named)}


def _turn(project: Project, turn: Turn, whole: dict[str, Any], opinions: Sequence[Opinion]) -> dict[str, Any]:
    has_tokens = whole["input_tokens"] is not None or whole["output_tokens"] is not None
    error = whole["error"] if isinstance(whole.get("error"), dict) else {}
    return {
        "turn": turn,
        "badges": badges_of(opinions),
        "one": whole,
        "url": to_trace(project, whole["trace_id"]),
        "question": blocks_of(whole["query"]),
        "answer": blocks_of(whole["answer"]),
        "is_error": whole["status"] == "error",
        "error": blocks_of(error.get("message")) if error else [],
        "latency_dot": latency_dot(whole["latency_ms"]),
        "latency_title": latency_title(whole["latency_ms"]),
        "has_tokens": has_tokens,
        "cost": cost_of(whole["cost_usd"], model=whole["model"], has_tokens=has_tokens),
        "is_unsure": whole["confidence"] is not None and whole["confidence"] < LOW_CONFIDENCE,
    }
