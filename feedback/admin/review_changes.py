"""What a reviewer's verdict was before it was changed, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from feedback.models import Score
from feedback.opinions.words import answer_word
from feedback.review.correct import changes_of


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A verdict that held until `until`. `parts`: answers that are other ones now, or to other questions."""

    until: datetime
    label: str
    is_passed: bool
    comment: str
    parts: list[tuple[str, str]]


def change_lines(score: Score) -> list[ChangeLine]:
    """The latest first."""
    return [_line(score, one) for one in reversed(changes_of(score))]


def _line(score: Score, one: dict[str, Any]) -> ChangeLine:
    asked, scales = one.get("questions", {}), one.get("scales", [])
    now = _answers(score.parts, score.details.get("questions", {}))
    other = [answer for answer in _answers(one["parts"], asked) if answer not in now]
    parts = [(question, answer_word(value, key in scales)) for key, question, value in other]
    return ChangeLine(datetime.fromisoformat(one["at"]), one["label"], one["is_passed"], one["comment"], parts)


def _answers(parts: Mapping[str, float | None], asked: Mapping[str, str]) -> list[tuple[str, str, float | None]]:
    return [(key, asked.get(key, key), value) for key, value in parts.items()]
