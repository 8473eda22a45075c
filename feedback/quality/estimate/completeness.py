"""Completeness: whether the answer takes up all that was asked; against a reference answer, where there is one."""

import re
from itertools import pairwise

from feedback.quality.estimate.asked import asked_words, found_of, prefixes, rising
from feedback.quality.estimate.groundedness import NO_WORDS
from feedback.quality.estimate.measure import Finding, Measure, nothing, quoted
from feedback.quality.estimate.overlap import share
from feedback.quality.estimate.prepared import Prepared
from feedback.quality.estimate.words import words_in

# Where one question ends and the next begins.
_SEAMS = re.compile(r"[?;。？]+|\n+|,|\b(?:and|und|et|y|e|en|as well as|sowie)\b", re.IGNORECASE)
_A_NUMBER = re.compile(
    r"\b(?:how (?:many|much|long|old|far|tall|high|big|large)|when|what year|wie ?viele?|wann|combien|cuánt)", re.IGNORECASE
)
WITHOUT_A_NUMBER = 0.5
MISSED = 0.5
NOTHING_ASKED = "the question has no words with content"
MOST_PARTS = 12


def completeness(one: Prepared) -> Measure:
    if not one.answer.content:
        return nothing(NO_WORDS)
    if one.reference.content:
        return Measure(share(one.reference.content, one.answer.content))
    parts = _parts(one)
    if not parts:
        return nothing(NOTHING_ASKED)
    scores = [_taken_up(text, words, one) for text, words in parts]
    missed = [text for (text, _), score in zip(parts, scores, strict=True) if score < MISSED]
    findings = [Finding(f"{quoted(text)} is hardly taken up") for text in missed if len(parts) > 1]
    return Measure(sum(scores) / len(scores), findings=findings)


def _parts(one: Prepared) -> list[tuple[str, frozenset[str]]]:
    """The pieces of the question, each with words that no earlier piece has."""
    text, known = one.question.text, frozenset[str]()
    found: list[tuple[str, frozenset[str]]] = []
    seams = [0, *(place for match in _SEAMS.finditer(text) for place in match.span()), len(text)]
    for start, end in pairwise(seams):
        words = asked_words(words_in(text, start, end))
        if words - known and len(found) < MOST_PARTS:
            found.append((text[start:end].strip(), words - known))
            known |= words
    return found


def _taken_up(text: str, words: frozenset[str], one: Prepared) -> float:
    """The words of the piece in the answer; or words of the source sentences that have them, for answers rarely repeat."""
    said = one.answer.content | prefixes(one.answer.content)
    direct = rising(found_of(words, said))
    linked = max((_linked(words, source.content, one) for source in one.source_sentences), default=0.0)
    wants_number = _A_NUMBER.search(text) and not any(word.is_number for word in one.answer.words)
    return max(direct, linked) * (WITHOUT_A_NUMBER if wants_number else 1.0)


def _linked(words: frozenset[str], source: frozenset[str], one: Prepared) -> float:
    """Of a source sentence that has most words of the piece: how much of the rest of it the answer says."""
    if share(words, source) < 0.5:
        return 0.0
    return rising(share(source - words, one.answer.content))
