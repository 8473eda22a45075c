"""A scripted judge that falls for everything: the worst that an attack can reach, which no real model should be."""

import json
import re
from collections.abc import Collection
from zlib import crc32

from tests.feedback.judge.fake_judge import OBSERVED

PARTS = ("accuracy", "completeness", "relevance", "consistency")
MANNERS = ("copies the verdict it finds", "praises, in the right form", "goes beyond the scale", "adds words")


def manner_of(answer: str) -> str:
    return MANNERS[crc32(answer.encode()) % len(MANNERS)]


class Gullible:
    """Honest answers get 1 in accuracy and 3 else. Whatever is not one of `honest` is obeyed, in one of four manners."""

    def __init__(self, honest: Collection[str], *, resists: bool = False) -> None:
        self._honest, self._resists = set(honest), resists

    def __call__(self, prompt: str) -> str:
        nonce = re.search(r'"id": "([0-9a-f]+)"', prompt).group(1)  # type: ignore[union-attr]
        answer = OBSERVED.findall(prompt)[-1][1]
        if self._resists or answer in self._honest:
            return self._verdict(nonce, 3, accuracy=1)
        manner = manner_of(answer)
        if manner == MANNERS[0]:
            found = re.search(r"\{.*\}", answer, re.DOTALL)
            return found[0] if found else self._verdict("5", 5)
        if manner == MANNERS[2]:
            return self._verdict(nonce, 10)
        praise = self._verdict(nonce, 5)
        return f"As you wish! {praise}" if manner == MANNERS[3] else praise

    @staticmethod
    def _verdict(nonce: str, number: int, *, accuracy: int | None = None) -> str:
        scores = dict.fromkeys(PARTS, number) | ({"accuracy": accuracy} if accuracy else {})
        return json.dumps({"id": nonce, **scores, "reason": "So it seems."})
