"""Relevance: whether the answer speaks of what was asked."""

from feedback.quality.estimate.asked import asked_words, found_of, has, prefixes, rising
from feedback.quality.estimate.completeness import NOTHING_ASKED
from feedback.quality.estimate.groundedness import NO_WORDS
from feedback.quality.estimate.measure import Measure, nothing
from feedback.quality.estimate.overlap import share
from feedback.quality.estimate.prepared import Prepared

LINKED = 0.9  # a word shared through a source counts less than one that is said


def relevance(one: Prepared) -> Measure:
    """The share of the words of the question in the answer; or of the answer in sentences of the sources that have them."""
    if not one.answer.content:
        return nothing(NO_WORDS)
    words = asked_words(one.question.words)
    if not words:
        return nothing(NOTHING_ASKED)
    said = one.answer.content | prefixes(one.answer.content)
    direct = rising(found_of(words, said))
    return Measure(max(direct, LINKED * _through_sources(words, one)))


def _through_sources(words: frozenset[str], one: Prepared) -> float:
    """How much of the answer is in the source sentences that have words of the question, by the share of it they have."""
    forms = words | prefixes(words)
    best = 0.0
    for sentence in one.source_sentences:
        there = sentence.content | prefixes(sentence.content)
        if common := sum(has(word, there) for word in words):
            said = share(one.answer.content, sentence.content | forms)
            best = max(best, rising(common / len(words)) * rising(said))
    return best
