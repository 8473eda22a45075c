"""The answer's sentences beside the passages whose words they have."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from interactions.reading.citations import MAX_CHARS, find_claims


@dataclass(frozen=True, slots=True)
class Reference:
    """A passage as a sentence names it: `number` counts from 1, `percent` of the sentence's words are in it."""

    number: int
    percent: int
    is_cited: bool

    @property
    def words(self) -> str:
        if self.is_cited:
            return f"The sentence cites passage {self.number}; {self.percent} % of its words are there"
        return f"{self.percent} % of the words of this sentence are in passage {self.number}"


@dataclass(frozen=True, slots=True)
class Sentence:
    number: int
    text: str
    is_checked: bool
    references: Sequence[Reference]

    @property
    def body(self) -> str:
        return self.text.rstrip()

    @property
    def space(self) -> str:
        """What stands between this sentence and the next."""
        return self.text[len(self.body) :]

    @property
    def places(self) -> str:
        return " ".join(str(one.number) for one in self.references)


@dataclass(frozen=True, slots=True)
class Claims:
    """`used_by[place]` are the numbers of the sentences that have the words of a passage; `bare` sentences have none."""

    sentences: Sequence[Sentence]
    used_by: Sequence[Sequence[int]]
    checked: int
    bare: int


def claims_of(answer: Any, passages: Sequence[Any]) -> Claims | None:
    """None where there is nothing to compare: no plain text, a very long one, or no passage with a text."""
    texts = [_text(passage) for passage in passages]
    if not isinstance(answer, str) or not answer.strip() or len(answer) > MAX_CHARS or not any(texts):
        return None
    found = find_claims(answer, texts, [_names(passage) for passage in passages])
    sentences = [
        Sentence(
            number,
            claim.text,
            claim.is_checked,
            [Reference(source.place + 1, round(source.share * 100), source.is_cited) for source in claim.sources],
        )
        for number, claim in enumerate(found, 1)
    ]
    used_by: list[list[int]] = [[] for _ in passages]
    for sentence in sentences:
        for reference in sentence.references:
            used_by[reference.number - 1].append(sentence.number)
    checked = [sentence for sentence in sentences if sentence.is_checked]
    return Claims(sentences, used_by, len(checked), sum(not sentence.references for sentence in checked))


def _text(passage: Any) -> str:
    text = passage.get("text") if isinstance(passage, dict) else passage
    return text if isinstance(text, str) else ""


def _names(passage: Any) -> list[str]:
    named = (passage.get("id"), passage.get("source")) if isinstance(passage, dict) else ()
    return [str(name) for name in named if isinstance(name, str | int) and str(name)]
