"""Citations: whether each leads to a passage that exists and shares words with what it is cited for."""

import re
from collections.abc import Iterator

from feedback.quality.estimate.measure import Finding, Measure, nothing
from feedback.quality.estimate.overlap import share
from feedback.quality.estimate.prepared import Prepared
from feedback.quality.estimate.sentences import Sentence

_NUMBERS = re.compile(r"[\[【]\^?(\d{1,3}(?:\s?[,;]\s?\d{1,3}){0,10})[\]】]")
_NAMED = re.compile(r"[(\[](?:source|quelle|fuente|fonte|bron|src)s?:\s?([^()\[\]\n]{1,200})[)\]]", re.IGNORECASE)
SUPPORTS = 0.3  # of the words of the sentence are in the passage
MOST = 100


def citations(one: Prepared) -> Measure:
    """The share of citations that hold; null where the answer cites nothing."""
    found = list(_citations(one))[:MOST]
    if not found:
        return nothing("the answer cites nothing")
    if not one.passages:
        return Measure(
            0.0,
            findings=[Finding(f"{text} is cited, but there are no sources", start, end) for text, start, end, _ in found],
        )
    findings = [
        Finding(f"{text} {why}", start, end) for text, start, end, places in found if (why := _fault(one, start, places))
    ]
    return Measure(1 - len(findings) / len(found), findings=findings)


def _citations(one: Prepared) -> Iterator[tuple[str, int, int, list[int]]]:
    """Each with its words, its place, and the places of its passages, from 0; -1 for one that there is not."""
    for match in _NUMBERS.finditer(one.answer.text):
        for number in re.findall(r"\d+", match.group(1)):
            place = int(number) - 1
            yield f"[{number}]", match.start(), match.end(), [place if 0 <= place < len(one.passages) else -1]
    for match in _NAMED.finditer(one.answer.text):
        yield match.group(), match.start(), match.end(), _named(one, match.group(1).strip().casefold()) or [-1]


def _named(one: Prepared, name: str) -> list[int]:
    return [
        place
        for place, names in enumerate(one.names)
        if any(name == known.casefold() or (len(name) > 3 and name in known.casefold()) for known in names)
    ]


def _fault(one: Prepared, start: int, places: list[int]) -> str:
    if places == [-1]:
        return "names no source that there is"
    said = _cited_for(one, start)
    if said is None or any(share(said.content, one.passages[place].content) >= SUPPORTS for place in places):
        return ""
    return "shares hardly a word with what it is cited for"


def _cited_for(one: Prepared, start: int) -> Sentence | None:
    """The sentence around a citation, or before it where it stands alone."""
    before = [sentence for sentence in one.spoken if sentence.start <= start and sentence.content - _own_words(sentence)]
    return before[-1] if before else None


def _own_words(sentence: Sentence) -> frozenset[str]:
    """Numbers: a sentence of a citation alone has no others."""
    return frozenset(word.key for word in sentence.words if word.is_number)
