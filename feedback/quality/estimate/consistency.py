"""Consistency: whether sentences of the answer contradict each other. Of what stands in one sentence nothing is known."""

from itertools import combinations

from feedback.quality.estimate.checks import is_denied
from feedback.quality.estimate.measure import Finding, Measure, nothing, quoted
from feedback.quality.estimate.prepared import Prepared
from feedback.quality.estimate.sentences import Sentence
from feedback.quality.estimate.words import stem

MOST_COMPARED = 60  # sentences: 1,770 pairs
FEWEST_WORDS = 2
ALIKE, ALIKE_BUT_FOR_A_NUMBER = 0.6, 0.8
_OPPOSITES = [
    frozenset(map(stem, pair.split()))
    for pair in (
        "increase decrease, rise fall, always never, true false, possible impossible, allow forbid, legal illegal, "
        "safe dangerous, open close, first last, begin end, start stop, accept reject, win lose, hot cold, high low, "
        "large small, rich poor, correct incorrect, right wrong, alive dead, positive negative, old new, early late"
    ).split(", ")
]


def consistency(one: Prepared) -> Measure:
    sentences = [sentence for sentence in one.spoken[:MOST_COMPARED] if len(sentence.content) >= FEWEST_WORDS]
    if len(sentences) < 2:
        return nothing("the answer has fewer than two sentences to compare")
    found = [(one, other, why) for one, other in combinations(sentences, 2) if (why := _contradiction(one, other))]
    findings = [
        Finding(f"{quoted(first.text)} and {quoted(second.text)}: {why}", second.start, second.end)
        for first, second, why in found
    ]
    return Measure(1 / (1 + len(found)), findings=findings)


def _contradiction(one: Sentence, other: Sentence) -> str:
    """Why the two cannot both be true, as far as words tell; empty if they can."""
    common, whole = one.content & other.content, one.content | other.content
    if len(common) < FEWEST_WORDS or len(common) < ALIKE * min(len(one.content), len(other.content)):
        return ""
    alike = len(common) / len(whole)
    if alike >= ALIKE and is_denied(one) != is_denied(other):
        return "one denies it"
    if any(len(pair & one.content) == 1 == len(pair & other.content) and not pair & common for pair in _OPPOSITES):
        return "they say opposite things"
    return "they give different numbers" if _numbers_differ(one, other) else ""


def _numbers_differ(one: Sentence, other: Sentence) -> bool:
    """Whether the sentences are alike but for the one number that each has."""
    numbers = [{word.key for word in sentence.words if word.is_number} for sentence in (one, other)]
    if [len(some) for some in numbers] != [1, 1] or numbers[0] == numbers[1]:
        return False
    first, second = one.content - numbers[0], other.content - numbers[1]
    return len(first & second) >= max(FEWEST_WORDS, ALIKE_BUT_FOR_A_NUMBER * len(first | second))
