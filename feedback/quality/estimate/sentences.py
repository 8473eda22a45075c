"""From a text to sentences of words, with their places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from feedback.quality.estimate.words import Word, words_in

# A run of stops is looked at once, from its beginning: else a text of stops alone would take the square of its length.
_ENDS = re.compile(r"(?<![.!?…।])[.!?…।]++[\"'”’)\]]*+(?=\s)|[。！？]++|\n\s*+")
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st jr sr vs etc e.g i.e ca approx no vol fig al inc ltd co z.b d.h bzw u.a".split()
)
_LAST_WORD = re.compile(r"\S+$")
_LOOK_BACK = 12  # signs; an abbreviation is no longer


@dataclass(frozen=True)
class Sentence:
    text: str
    start: int
    words: list[Word]

    @property
    def end(self) -> int:
        return self.words[-1].end

    @cached_property
    def content(self) -> frozenset[str]:
        """The different words that carry content."""
        return frozenset(word.key for word in self.words if word.is_content)


@dataclass(frozen=True)
class Text:
    """A text, cut at a length, and what is in it."""

    text: str
    sentences: list[Sentence]
    is_cut: bool = False
    words: list[Word] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", [word for sentence in self.sentences for word in sentence.words])

    @cached_property
    def content(self) -> frozenset[str]:
        return frozenset(word.key for word in self.words if word.is_content)


def read(text: str, *, most: int, most_sentences: int, without: re.Pattern[str] | None = None) -> Text:
    """Read the beginning of a text, so far as both limits allow; what matches `without` is no word of it."""
    kept = text[:most]
    said = without.sub(lambda match: " " * len(match.group()), kept) if without else kept
    found = list(islice(sentences_in(said, kept), most_sentences + 1))
    return Text(kept, found[:most_sentences], is_cut=len(text) > most or len(found) > most_sentences)


def sentences_in(text: str, shown: str) -> Iterator[Sentence]:
    """Those with words, quoted as `shown`. A line is a sentence, too; one that ends with an abbreviation goes on."""
    start = 0
    for match in _ENDS.finditer(text):
        if match.group().startswith(".") and _is_abbreviation(text, match.start()):
            continue
        yield from _sentence(text, shown, start, match.end())
        start = match.end()
    yield from _sentence(text, shown, start, len(text))


def _is_abbreviation(text: str, end: int) -> bool:
    before = _LAST_WORD.search(text[max(0, end - _LOOK_BACK) : end])
    word = before.group().lower().lstrip("([\"'") if before else ""
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha())


def _sentence(text: str, shown: str, start: int, end: int) -> Iterator[Sentence]:
    if words := words_in(text, start, end):
        yield Sentence(shown[start:end].strip(), start, words)
