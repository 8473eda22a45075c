"""All scores, by pages: of people, signals, reviewers, estimates, judges and applications."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from django.db.models import Q

from feedback.models import Score, Source, State
from feedback.reading.feedback import between, labels_of, uuid_of
from feedback.reading.pages import NAMED, Wanted
from interactions.reading.filters import short_text
from observatory.core.errors import ApiError
from observatory.core.parameters import moment

PARAMETERS = ("name", "source", "state", "interaction_id", "since", "until")
SOURCES = {source.label: source for source in Source}
STATES = {state.label: state for state in State}
MAX_DETAILS_CHARS = 1_000_000  # of the scores of one answer, together


def wanted_scores(project_id: int, parameters: Mapping[str, str]) -> Wanted:
    """Return what is asked for; raises ApiError with the parameter that is wrong. Others are left alone."""
    rows = Score.objects.for_project(project_id)
    interaction, name = short_text(parameters, "interaction_id"), short_text(parameters, "name")
    if interaction:
        rows = rows.filter(interaction_id=uuid_of(interaction, "interaction_id"))
        rows = rows.annotate(named=NAMED).filter(named=name) if name else rows
    elif name:
        rows = rows.filter(name=name)
    rest = Q()
    if (source := _one_of(parameters, "source", SOURCES)) is not None:
        rest &= Q(source=source)
    if (state := _one_of(parameters, "state", STATES)) is not None:
        rest &= Q(state=state)
    rows = between(rows, moment(parameters, "since"), moment(parameters, "until"))
    return Wanted(rows, rest, bool(interaction))


def _one_of(parameters: Mapping[str, str], name: str, choices: Mapping[str, Any]) -> Any:
    text = short_text(parameters, name).replace("_", " ")
    if text and text not in choices:
        raise ApiError("invalid", f"expected one of {', '.join(choices)}", field=name)
    return choices.get(text)


def score_rows(scores: Iterable[Score]) -> list[dict[str, Any]]:
    """Scores as the API answers them. Details beyond what one answer may carry are cut: a note stands in their place."""
    left, rows = MAX_DETAILS_CHARS, []
    for score in scores:
        size = len(orjson.dumps(score.details))
        details = score.details if size <= left else {"cut": True, "characters": size}
        left -= size if size <= left else 0
        rows.append(_score_row(score, details))
    return rows


def _score_row(score: Score, details: Any) -> dict[str, Any]:
    return {
        "score_id": score.score_id,
        "name": score.name,
        "source": Source(score.source).label,
        "state": State(score.state).label,
        "value": score.value,
        "label": score.label or None,
        "is_passed": score.is_passed,
        "threshold": score.threshold,
        "reason": score.comment or None,
        "parts": score.parts,
        "details": details,
        "version": score.version or None,
        "author": score.author or None,
        "cost_usd": None if score.cost_usd is None else float(score.cost_usd),
        "input_tokens": score.input_tokens,
        "output_tokens": score.output_tokens,
        "attempts": score.attempts,
        "retry_at": score.retry_at,
        **labels_of(score),
        "span_id": score.span_id or None,
        "at": score.at,
        "scored_at": score.scored_at,
        "is_waiting": score.is_waiting,
    }
