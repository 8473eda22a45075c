"""Observed values as blocks of text: messages by role, plain text as it is, anything else as indented JSON."""

from dataclasses import dataclass
from typing import Any

import orjson

from observatory.core.rendering import default

SHOWN_CHARS = 2_000  # at once; the rest behind "Show all"
MAX_CHARS = 100_000  # in a page; all of it is in the raw JSON
MAX_BLOCKS = 100


@dataclass(frozen=True, slots=True)
class Block:
    """A text with its role or "". `head` is shown, `rest` on demand; `cut` characters are in the raw JSON only."""

    role: str
    head: str
    rest: str
    cut: int
    is_code: bool

    @property
    def length(self) -> int:
        return len(self.head) + len(self.rest) + self.cut


def block_of(text: str, *, role: str = "", is_code: bool = False) -> Block:
    shown = SHOWN_CHARS if len(text) > SHOWN_CHARS * 1.2 else len(text)
    return Block(role, text[:shown], text[shown:MAX_CHARS], max(0, len(text) - MAX_CHARS), is_code)


def blocks_of(value: Any) -> list[Block]:
    """The blocks of an input, an output or any other observed value; none for None and empty values."""
    if value in (None, "", [], {}):
        return []
    if isinstance(value, str):
        return [block_of(value)]
    if is_conversation(value):
        return [_message(message) for message in value[:MAX_BLOCKS]]
    return [block_of(pretty(value), is_code=True)]


def is_conversation(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) and "role" in item for item in value)


def _message(message: dict[str, Any]) -> Block:
    role = str(message["role"])
    content = _spoken(message)
    if content is not None:
        return block_of(content, role=role)
    return block_of(pretty({key: item for key, item in message.items() if key != "role"}), role=role, is_code=True)


def _spoken(message: dict[str, Any]) -> str | None:
    """The text of a message that holds nothing else."""
    if set(message) - {"role", "content", "parts", "name", "finish_reason"}:
        return None
    content = message.get("content", message.get("parts"))
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return None
    texts: list[Any] = [part.get("text", part.get("content")) if isinstance(part, dict) else part for part in content]
    return "\n".join(texts) if texts and all(isinstance(text, str) for text in texts) else None


def pretty(value: Any) -> str:
    options = orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS
    return orjson.dumps(value, default=default, option=options).decode()


def pretty_head(value: Any) -> tuple[str, bool]:
    """The beginning of `pretty(value)` for a page, and whether there is more."""
    text = pretty(value)
    return text[:MAX_CHARS], len(text) > MAX_CHARS


def passage_of(passage: Any) -> dict[str, Any]:
    """A retrieved passage, as the pages show it."""
    if not isinstance(passage, dict):
        passage = {"text": passage}
    score = passage.get("score")
    return {
        "id": passage.get("id"),
        "source": passage.get("source"),
        "score": f"{score:.3f}" if isinstance(score, int | float) else score,
        "blocks": blocks_of(passage.get("text")),
    }
