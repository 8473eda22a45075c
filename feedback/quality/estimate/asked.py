"""The words of a question, and whether a text has them."""

from collections.abc import Collection, Iterable

from feedback.quality.estimate.words import Word, stem

# What is to be done, not what it is about.
_TASK_WORDS = frozenset(
    map(
        stem,
        "answer best called compare compose create describe design detail determine difference discuss edit example explain "
        "find following generate give given help identify information know list main make mean name need old output please "
        "provide question rewrite sentence show suggest summarize tell think thing type use used using want way write year "
        "long bitte erkläre nenne gib schreibe beispiel explique donne écris exemple explica escribe ejemplo dame".split(),
    )
)
PREFIX = 5  # letters that two forms of a word share: inspire, inspiration


def asked_words(words: Iterable[Word]) -> frozenset[str]:
    """The words with content; those of the task count only where there are no others."""
    content = frozenset(word.key for word in words if word.is_content)
    return content - _TASK_WORDS or content


def prefixes(words: Iterable[str]) -> frozenset[str]:
    return frozenset(f"{word[:PREFIX]}-" for word in words if len(word) > PREFIX)


def has(word: str, said: frozenset[str]) -> bool:
    """Whether the word, or a form of it, is in a text of these words and prefixes."""
    return word in said or (len(word) > PREFIX and f"{word[:PREFIX]}-" in said)


def found_of(words: Collection[str], said: frozenset[str]) -> float:
    """The share of the words that a text has, after Laplace's rule of succession: of few words little is known."""
    return (sum(has(word, said) for word in words) + 1) / (len(words) + 2)


def rising(part: float) -> float:
    """A share on the scale of a score: half of the words are already 0.75, for good answers do not repeat questions."""
    return 1 - (1 - part) ** 2
