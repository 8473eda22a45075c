"""From a text to words: what evaluators compare. Linear in the length, whatever the text; any script."""

import re
from dataclasses import dataclass
from functools import lru_cache

from feedback.quality.estimate.stop_words import STOP_WORDS

# Scripts that are written without spaces: compared by pairs of signs.
_DENSE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# Signs within words that `\w` does not know: combining accents, vowels of Hebrew, Arabic and the scripts of India.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0966-\u0dff"
_LETTER = rf"(?:[^\W\d_{_DENSE}]|[{_MARKS}])"
_TOKEN = re.compile(rf"(?P<number>\d+(?:[.,]\d+)*)|(?P<dense>[{_DENSE}]+)|{_LETTER}+(?:['’]{_LETTER}+)?")
_NUMBER_WORDS = dict(
    zip("two three four five six seven eight nine ten eleven twelve".split(), map(str, range(2, 13)), strict=True)
)
_THOUSANDS = re.compile(r"\d{1,3}(?:[,.]\d{3})+")
_ENDINGS = (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("ly", ""), ("s", ""))
_SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class Word:
    """`key` is what is compared: lower case, without an ending. `start` and `end` are places in the text."""

    text: str
    key: str
    start: int
    end: int
    is_number: bool = False
    is_content: bool = True


def words_in(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """The words of a part of a text, in their order."""
    found: list[Word] = []
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        if match.lastgroup == "dense":
            found.extend(_pairs(match.group(), match.start()))
        elif match.lastgroup == "number":
            found.append(Word(match.group(), number_key(match.group()), match.start(), match.end(), is_number=True))
        else:
            key, is_content = _key(match.group())
            found.append(Word(match.group(), key, match.start(), match.end(), key.isdigit(), is_content))
    return found


def _pairs(run: str, start: int) -> list[Word]:
    if len(run) == 1:
        return [Word(run, run, start, start + 1, is_content=False)]
    return [Word(run[at : at + 2], run[at : at + 2], start + at, start + at + 2) for at in range(len(run) - 1)]


def number_key(text: str) -> str:
    """A number as it is compared: without separators of thousands and without zeros that say nothing."""
    if _THOUSANDS.fullmatch(text):
        return text.replace(",", "").replace(".", "").lstrip("0") or "0"
    whole, point, part = text.replace(",", ".").partition(".")
    part = part.rstrip("0")
    return (whole.lstrip("0") or "0") + (point + part if part else "")


@lru_cache(maxsize=20_000)
def _key(text: str) -> tuple[str, bool]:
    """The word without its ending, and whether it carries content."""
    lower = text.casefold().replace("’", "'")
    if lower in _NUMBER_WORDS:
        return _NUMBER_WORDS[lower], True
    if lower in STOP_WORDS or len(lower) == 1:
        return lower, False
    return stem(lower.removesuffix("'s")), True


def stem(word: str) -> str:
    """Without a common English ending. Other languages lose little by it: both sides are cut alike."""
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM and not word.endswith("ss"):
            word = word.removesuffix(ending) + instead
            break
    return word[:-1] if word.endswith("e") and len(word) > _SHORTEST_STEM else word
