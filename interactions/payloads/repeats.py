"""Which texts come again: passages of a handbook, the prompt of a system, what was said before in a chat.

A text is shared from the second time on that a process stores it, so that one that never comes again costs nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from mmap import MAP_ANONYMOUS, MAP_PRIVATE, mmap
from typing import Any

MIN_CHARS = 200  # a row of its own takes a hundred bytes
# Where the texts of a span or an interaction have long parts, and what these call their text.
PARTS = {"documents": "text", "passages": "text", "input": "content", "output": "content"}
PLACES = 2**19  # of eight bytes each; what is not used yet takes no memory


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


def long_parts_of_block(content: Mapping[str, Any]) -> Iterator[str]:
    """Those of all that a block holds: interactions, or traces with the texts of their spans."""
    for texts in content.values():
        yield from long_parts(texts)
        for of_a_span in texts.values():
            if isinstance(of_a_span, dict):
                yield from long_parts(of_a_span)


def mark_of(project_id: int, text: str) -> int:
    """A hash that differs from process to process."""
    return hash((project_id, text))


class Memory:
    """The marks of the texts that a process stored lately: each has one place, and the last that came there stays.

    Threads may use it together: a mark that is lost costs one more copy of a text.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.marks = memoryview(mmap(-1, 8 * PLACES, flags=MAP_PRIVATE | MAP_ANONYMOUS)).cast("q")

    def knows(self, mark: int) -> bool:
        return self.marks[mark % PLACES] == mark

    def remember(self, marks: Iterable[int]) -> None:
        for mark in marks:
            self.marks[mark % PLACES] = mark
