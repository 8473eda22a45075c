"""Repetition: whether the answer says the same again and again."""

from collections import Counter

from feedback.quality.estimate.measure import Finding, Measure, nothing, quoted
from feedback.quality.estimate.prepared import Prepared

RUN = 4  # words in a row
FEWEST_WORDS = 8
NOTED = 0.8


def repetition(one: Prepared) -> Measure:
    """1 less the share of runs of four words that were there before."""
    words = one.answer.words
    if len(words) < FEWEST_WORDS:
        return nothing(f"the answer has fewer than {FEWEST_WORDS} words")
    runs = Counter(tuple(word.key for word in words[at : at + RUN]) for at in range(len(words) - RUN + 1))
    value = len(runs) / runs.total()
    if value >= NOTED:
        return Measure(value)
    run, times = runs.most_common(1)[0]
    at = next(at for at in range(len(words)) if tuple(word.key for word in words[at : at + RUN]) == run)
    start, end = words[at].start, words[at + RUN - 1].end
    return Measure(value, findings=[Finding(f"{quoted(one.answer.text[start:end])} stands there {times} times", start, end)])
