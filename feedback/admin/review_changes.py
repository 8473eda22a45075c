"""What a reviewer's verdict was before it was changed, in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from feedback.models import Score
from feedback.opinions.words import answer_word
from feedback.review.correct import changes_of


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A verdict that held until `until`. `parts`: the answers to questions that are other ones now."""

    until: datetime
    label: str
    is_passed: bool
    comment: str
    parts: list[tuple[str, str]]


def change_lines(score: Score) -> list[ChangeLine]:
    """The latest first."""
    return [_line(score, one) for one in reversed(changes_of(score))]


def _line(score: Score, one: dict[str, Any]) -> ChangeLine:
    asked, scales = score.details.get("questions", {}), score.details.get("scales", [])
    other = [(key, value) for key, value in one["parts"].items() if score.parts.get(key) != value]
    parts = [(asked.get(key, key), answer_word(value, key in scales)) for key, value in other]
    return ChangeLine(datetime.fromisoformat(one["at"]), one["label"], one["is_passed"], one["comment"], parts)
