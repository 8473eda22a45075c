"""Groundedness: how much of the answer is in its sources, whatever it says there."""

from feedback.quality.estimate.measure import Finding, Measure, nothing, quoted
from feedback.quality.estimate.overlap import share
from feedback.quality.estimate.prepared import Prepared

FOREIGN = 0.25  # of its words; a sentence with fewer in the sources is a finding
NO_SOURCES = "there are no sources to compare with"
NO_WORDS = "the answer has no words with content"


def groundedness(one: Prepared) -> Measure:
    """The mean of two shares: of its words in the order of a source sentence, and of those with content in any source."""
    if not one.sources:
        return nothing(NO_SOURCES)
    if not one.spoken:
        return nothing(NO_WORDS)
    held = [share(sentence.content, one.source_words) for sentence in one.spoken]
    findings = [
        Finding(f"{quoted(sentence.text)}: hardly a word of it is in the sources", sentence.start, sentence.end)
        for sentence, part in zip(one.spoken, held, strict=True)
        if part < FOREIGN
    ]
    return Measure((in_order(one) + _by_words(one, held)) / 2, findings=findings)


def in_order(one: Prepared) -> float:
    """The share of the answer's words that stand in the same order in the best source sentence of each of its sentences."""
    lengths = [len(sentence.words) for sentence in one.spoken]
    return sum(length * best.in_order for length, best in zip(lengths, one.best, strict=True)) / sum(lengths)


def _by_words(one: Prepared, held: list[float]) -> float:
    sizes = [len(sentence.content) for sentence in one.spoken]
    return sum(size * part for size, part in zip(sizes, held, strict=True)) / sum(sizes)
