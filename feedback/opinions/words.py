"""Parts of a verdict that are no shares, in words: "refusal 1" reads as if the answer refused. The API has the figures."""

from collections.abc import Callable, Mapping
from typing import Any

from feedback.models import Source

CHECKS: Mapping[str, Callable[[float], str]] = {
    "refusal": lambda value: "does not refuse" if value else "refuses",
    "language": lambda value: "that of the question" if value else "not that of the question",
    "repetition": lambda value: "none" if value >= 1 else f"{(1 - value) * 100:.2g} % of what it says",
}


def part_words(source: Source, parts: Mapping[str, float | None], details: Mapping[str, Any]) -> dict[str, str]:
    """What to show of a part in place of its figure, by its name; nothing of those whose figure says it."""
    if source == Source.ESTIMATE:
        return {name: CHECKS[name](value) for name, value in parts.items() if name in CHECKS and value is not None}
    if source == Source.REVIEWER:
        scales = details.get("scales", ())
        return {name: answer_word(value, name in scales) for name, value in parts.items()}
    return {}


def answer_word(value: float | None, is_scale: bool) -> str:
    """A reviewer's answer to a question."""
    if value is None:
        return "left open"
    return f"{value:g} of 5" if is_scale else "yes" if value else "no"
