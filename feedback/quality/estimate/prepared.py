"""An exchange, read once for all measures."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from feedback.quality.estimate.overlap import Best, best_sentences, share
from feedback.quality.estimate.sentences import Sentence, Text, read
from feedback.quality.estimate.words import words_in

# Beyond these lengths a text is cut, so that the longest answers take some 50 ms. About 1,700 and 5,000 words.
MOST_OF_QUESTION, MOST_OF_ANSWER, MOST_OF_PASSAGES = 4_000, 10_000, 30_000
QUESTION_SENTENCES, ANSWER_SENTENCES, PASSAGE_SENTENCES = 40, 100, 400


# No words of the answer: where it cites, and the numbers of a list.
_MARKS = re.compile(r"[\[【]\^?\d{1,3}(?:\s?[,;-]\s?\d{1,3}){0,10}[\]】]|(?m:^[ \t]{0,8}\d{1,3}[.)](?=\s))")
# A line that names sources, and claims nothing.
_LABELS = (
    "sources?|references?|see(?: also)?|(?:read |learn )?more|quellen?|siehe|mehr|voir|fuentes?|fonti|fontes?|bron(?:nen)?"
)
_NAMING = re.compile(
    rf"[\[【\d\]】,;^ ]{{0,12}}\W{{0,4}}(?:{_LABELS})\s?:|https?://\S+$|\(?(?:source|quelle|fuente|fonte|bron|src)s?:",
    re.IGNORECASE,
)
# "This is explained in the Insulation handbook, section 2": of a source with such a name.
_REFERRING = re.compile(
    r"\b(?:explained|described|documented|found|covered|see|source|chapter|section|page|kapitel|abschnitt|seite)\b",
    re.IGNORECASE,
)
MOSTLY_A_NAME, MOST_OF_NAME = 0.4, 200


@dataclass(frozen=True)
class Prepared:
    question: Text
    answer: Text
    passages: list[Text]
    reference: Text
    names: Sequence[Sequence[str]] = ()  # of each passage: its id, its source

    @cached_property
    def spoken(self) -> list[Sentence]:
        """The sentences of the answer that say something, not only where it is from."""
        return [one for one in self.answer.sentences if one.content and not self._names_a_source(one)]

    def _names_a_source(self, one: Sentence) -> bool:
        if _NAMING.match(one.text):
            return True
        return bool(_REFERRING.search(one.text)) and share(one.content, self.name_words) >= MOSTLY_A_NAME

    @cached_property
    def name_words(self) -> frozenset[str]:
        """Of the names of the passages."""
        names = (name[:MOST_OF_NAME] for some in self.names for name in some)
        return frozenset(word.key for name in names for word in words_in(name) if word.is_content)

    @cached_property
    def sources(self) -> list[Text]:
        return [one for one in self.passages if one.content]

    @cached_property
    def source_sentences(self) -> list[Sentence]:
        return [sentence for source in self.sources for sentence in source.sentences if sentence.content]

    @cached_property
    def best(self) -> list[Best]:
        """For each of the spoken sentences the source sentence that holds most of it."""
        return best_sentences(self.spoken, self.sources)

    @cached_property
    def source_words(self) -> frozenset[str]:
        return frozenset().union(*(one.content for one in self.sources))

    @property
    def is_cut(self) -> bool:
        return any(one.is_cut for one in (self.question, self.answer, *self.passages))


def prepare(
    question: str, answer: str, passages: Sequence[str] = (), reference: str = "", names: Sequence[Sequence[str]] = ()
) -> Prepared:
    return Prepared(
        read(question, most=MOST_OF_QUESTION, most_sentences=QUESTION_SENTENCES),
        read(answer, most=MOST_OF_ANSWER, most_sentences=ANSWER_SENTENCES, without=_MARKS),
        _passages(passages),
        read(reference, most=MOST_OF_ANSWER, most_sentences=ANSWER_SENTENCES),
        names,
    )


def _passages(passages: Sequence[str]) -> list[Text]:
    """All in their order; what is beyond the limits is empty."""
    found: list[Text] = []
    signs, sentences = MOST_OF_PASSAGES, PASSAGE_SENTENCES
    for passage in passages:
        one = read(passage, most=signs, most_sentences=sentences)
        signs, sentences = signs - len(one.text), sentences - len(one.sentences)
        found.append(one)
    return found
