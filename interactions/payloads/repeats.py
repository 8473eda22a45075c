"""Which texts come again: passages of a handbook, the prompt of a system, what was said before in a chat.

A text is shared from the second trace on in which a process sees it, so that one that never comes again costs nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

MIN_CHARS = 200  # a row of its own takes a hundred bytes
REMEMBERED = 16_384  # twice as many hashes at most, 3 MB
# Where the texts of a span or an interaction have long parts, and what these call their text.
PARTS = {"documents": "text", "passages": "text", "input": "content", "output": "content"}


def long_parts(texts: Mapping[str, Any]) -> Iterator[str]:
    """The long ones among the passages and messages of a span or an interaction."""
    for name, key in PARTS.items():
        parts = texts.get(name)
        if not isinstance(parts, list):
            continue
        for part in parts:
            text = part.get(key) if isinstance(part, dict) else None
            if isinstance(text, str) and len(text) >= MIN_CHARS:
                yield text


@dataclass(eq=False)
class Memory:
    """The hashes of what a process saw lately. Threads may use it together: one that is lost costs some bytes."""

    most: int = REMEMBERED
    recent: set[int] = field(default_factory=set)
    before: set[int] = field(default_factory=set)

    def seen(self, project_id: int, texts: Iterable[str]) -> list[str]:
        """Those of the texts that came before, each once; the others are remembered."""
        found = []
        for text in dict.fromkeys(texts):
            mark = hash((project_id, text))
            if mark in self.recent:
                found.append(text)
                continue
            if mark in self.before:
                found.append(text)
            self.recent.add(mark)
        if len(self.recent) >= self.most:
            self.before, self.recent = self.recent, set()
        return found
