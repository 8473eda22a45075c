"""The page of one score: what it says and why, who or what says it, and what earlier versions said."""

from typing import Any

from feedback.admin.review_changes import change_lines
from feedback.admin.score_links import to_answer, to_score, to_scores
from feedback.models import Score, Source
from feedback.opinions.read import COLUMNS, opinion
from interactions.admin.links import to_session
from interactions.admin.said import badge_of, line_of, who_says
from interactions.admin.texts import blocks_of, pretty_head
from interactions.models import Interaction

MOST_VERSIONS = 50
FACTS = (
    ("Name", "name"),
    ("Version", "version"),
    ("Category", "label"),
    ("Author", "author"),
    ("Model", "model"),
    ("Model version", "model_version"),
    ("Prompt", "prompt_name"),
    ("Prompt version", "prompt_version"),
    ("Environment", "environment"),
    ("Question category", "category"),
    ("Confidence", "confidence"),
    ("User", "user_id"),
    ("Session", "session_id"),
    ("Trace", "trace_id"),
    ("Span", "span_id"),
    ("Tokens in", "input_tokens"),
    ("Tokens out", "output_tokens"),
    ("Attempts", "attempts"),
    ("Score", "score_id"),
)


def score_context(score: Score) -> dict[str, Any]:
    one = opinion({name: getattr(score, name) for name in COLUMNS})
    details, is_cut = pretty_head(score.details)
    answer = _answer(score)
    return {
        "title": f"{score.name} by {one.source}",
        "score": score,
        "one": one,
        "line": line_of(one),
        "comment": blocks_of(score.comment),
        "answer": answer,
        "answer_url": to_answer(score.project, score.interaction_id) if answer else "",
        "session_url": _session_url(score),
        "facts": [(label, value) for label, name in FACTS if (value := getattr(score, name)) not in (None, "", 0)],
        "details": details if score.details else "",
        "is_cut": is_cut,
        "history": _history(score),
        "changes": change_lines(score) if score.source == Source.REVIEWER else [],
        "list_url": to_scores(score.project, name=score.name),
    }


def _session_url(score: Score) -> str:
    """Nothing where the session has no turns, and so no page."""
    turns = Interaction.objects.for_project(score.project).exchanges().of_session(score.session_id)
    return to_session(score.project, score.session_id) if turns.exists() else ""


def _answer(score: Score) -> Interaction | None:
    if score.interaction_id is None:
        return None
    return Interaction.objects.for_project(score.project_id).filter(interaction_id=score.interaction_id).first()


def _history(score: Score) -> list[dict[str, Any]]:
    """All that was said of the same answer under this name, by whatever version, the newest first."""
    if score.interaction_id is None:
        return []
    rows = Score.objects.for_project(score.project_id).filter(interaction_id=score.interaction_id)
    same = [row for row in rows[: 20 * MOST_VERSIONS] if row.name == score.name]
    same.sort(key=lambda row: (row.scored_at, row.pk), reverse=True)
    return [_version(row, score) for row in same[:MOST_VERSIONS]]


def _version(row: Score, score: Score) -> dict[str, Any]:
    said = opinion({name: getattr(row, name) for name in COLUMNS})
    url = "" if row.pk == score.pk else to_score(score.project, row.pk)
    return {"one": row, "badge": badge_of(said), "who": who_says(said), "url": url}
