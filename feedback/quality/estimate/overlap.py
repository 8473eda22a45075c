"""How much of one text is in another, word by word and in order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from feedback.quality.estimate.sentences import Sentence, Text


@dataclass(frozen=True, slots=True)
class Best:
    """For a sentence of the answer: the source sentence that holds most of it.

    `in_order`: the share of its words that stand there in the same order: ROUGE-L precision, C.-Y. Lin, "ROUGE: a package
    for automatic evaluation of summaries", 2004. `content`: the share of its words with content that stand there.
    `source` is None where nothing of it is anywhere.
    """

    in_order: float
    content: float
    source: Sentence | None


def best_sentences(answer: Sequence[Sentence], sources: Sequence[Text]) -> list[Best]:
    """For each sentence of the answer its best. Time: words of the sources, times the words of the answer / 64."""
    ordered: list[tuple[int, Sentence | None]] = [(0, None)] * len(answer)
    content = [0.0] * len(answer)
    rows = _Rows(answer)
    for source in sources:
        for sentence in source.sentences:
            for place, common in enumerate(rows.common_with(sentence)):
                if common > ordered[place][0]:
                    ordered[place] = (common, sentence)
                content[place] = max(content[place], share(answer[place].content, sentence.content))
    return [
        Best(common / len(one.words), part, source)
        for one, (common, source), part in zip(answer, ordered, content, strict=True)
    ]


def share(part: frozenset[str], whole: frozenset[str]) -> float:
    """The share of the one that is in the other; 0 of nothing."""
    return len(part & whole) / len(part) if part else 0.0


class _Rows:
    """The longest common subsequences of many sentences with another one, all in the bits of one number.

    H. Hyyrö, "Bit-parallel LCS-length computation revisited", 2004. Between two sentences is a bit that takes up the carry.
    """

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self.masks: dict[str, int] = {}
        self.spans: list[tuple[int, int]] = []
        at = 0
        for sentence in sentences:
            for place, word in enumerate(sentence.words):
                self.masks[word.key] = self.masks.get(word.key, 0) | 1 << (at + place)
            self.spans.append((at, len(sentence.words)))
            at += len(sentence.words) + 1
        self.bits = sum(((1 << length) - 1) << start for start, length in self.spans)

    def common_with(self, other: Sentence) -> Iterator[int]:
        """The lengths, sentence by sentence."""
        rest = self.bits
        for word in other.words:
            if mask := self.masks.get(word.key):
                found = rest & mask
                rest = ((rest + found) | (rest - found)) & self.bits
        gone = self.bits & ~rest
        for start, length in self.spans:
            yield (gone >> start & ((1 << length) - 1)).bit_count()
