"""What a source does not say: numbers, names, and a "not" more or less."""

from feedback.quality.estimate.language import language_of
from feedback.quality.estimate.measure import Finding, quoted
from feedback.quality.estimate.prepared import Prepared
from feedback.quality.estimate.sentences import Sentence
from feedback.quality.estimate.words import Word

_DENYING = frozenset(
    "not no never none nobody nothing neither nor cannot without kein keine nicht nie ohne ne pas jamais sans nunca ningún "
    "sin non mai senza não nem niet geen nooit".split()
)
FEWEST_OF_HEADING = 3
CLOSE = 0.6  # share of words in order, from which on two sentences are thought to say the same


def foreign_numbers(one: Prepared) -> list[Finding]:
    """Numbers of the answer that are neither in the sources nor in the question."""
    known = {word.key for part in (one.question, *one.passages) for word in part.words}
    found: dict[str, Finding] = {}
    for word in (word for sentence in one.spoken for word in sentence.words):
        if word.is_number and word.key not in known:
            found.setdefault(word.key, Finding(f"{word.text} is not in the sources", word.start, word.end))
    return list(found.values())


def foreign_names(one: Prepared) -> list[Finding]:
    """Names of the answer, by their capital letter within a sentence, that are in neither the sources nor the question."""
    known = one.source_words | one.question.content
    found: dict[str, Finding] = {}
    for sentence in one.spoken:
        if _has_capitals_everywhere(sentence):
            continue
        for word in sentence.words[1:]:
            if _is_name(word) and word.key not in known:
                found.setdefault(word.key, Finding(f"{word.text} is not in the sources", word.start, word.end))
    # In German every noun has a capital letter.
    return list(found.values()) if found and language_of(one.answer) != "de" else []


def denials(one: Prepared) -> list[Finding]:
    """Sentences that say nearly the words of a source, but with a "not" more, or less."""
    return [
        Finding(f"{quoted(sentence.text)}: the source says it {'without' if is_denied(sentence) else 'with'} a negation",
                sentence.start, sentence.end)
        for sentence, best in zip(one.spoken, one.best, strict=True)
        if best.source and best.in_order >= CLOSE and is_denied(sentence) != is_denied(best.source)
    ]  # fmt: skip


def is_denied(sentence: Sentence) -> bool:
    words = (word.text.casefold().replace("’", "'") for word in sentence.words)
    return sum(word in _DENYING or word.endswith("n't") for word in words) % 2 == 1


def _is_name(word: Word) -> bool:
    return word.is_content and len(word.text) > 1 and word.text[0].isupper()


def _has_capitals_everywhere(sentence: Sentence) -> bool:
    """As a heading has."""
    content = [word for word in sentence.words if word.is_content and not word.is_number]
    return len(content) >= FEWEST_OF_HEADING and all(map(_is_name, content))
