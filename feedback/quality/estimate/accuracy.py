"""Accuracy against sources: whether what the answer says is there, down to its weakest sentence, its numbers and names.

Weights and factors were set by hand on half of BEGIN; docs/explanation/quality.md tells how well they do on the other.
"""

from collections.abc import Iterable
from math import ceil, exp

from feedback.quality.estimate.checks import denials, foreign_names, foreign_numbers
from feedback.quality.estimate.groundedness import NO_SOURCES, NO_WORDS, in_order
from feedback.quality.estimate.measure import Measure, nothing
from feedback.quality.estimate.prepared import Prepared

WHOLE, WEAKEST, FOREIGN_WORDS = 0.2, 0.4, 0.4
TOLERATED = 4.0  # words of a sentence that no source has: with so many it has exp(-1) left
WEAKEST_SHARE = 0.25  # of the sentences
A_NUMBER, A_NAME, A_DENIAL = 0.75, 0.9, 0.85
MOST_COUNTED = 3


def accuracy(one: Prepared) -> Measure:
    """Null without sources."""
    if not one.sources:
        return nothing(NO_SOURCES)
    if not one.spoken:
        return nothing(NO_WORDS)
    kept = [exp(-len(sentence.content - one.source_words) / TOLERATED) for sentence in one.spoken]
    held = WHOLE * in_order(one) + WEAKEST * weakest(best.in_order for best in one.best) + FOREIGN_WORDS * weakest(kept)
    numbers, names, denied = foreign_numbers(one), foreign_names(one), denials(one)
    for findings, factor in ((numbers, A_NUMBER), (names, A_NAME), (denied, A_DENIAL)):
        held *= factor ** min(len(findings), MOST_COUNTED)
    return Measure(held, findings=[*numbers, *denied, *names])


def weakest(values: Iterable[float]) -> float:
    """The mean of the lowest quarter, at least of one: an answer is as true as its worst sentences."""
    ordered = sorted(values)
    few = ordered[: ceil(len(ordered) * WEAKEST_SHARE)]
    return sum(few) / len(few)
