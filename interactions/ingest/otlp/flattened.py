"""Lists that were flattened into attribute names (`llm.input_messages.0.message.content`), put together again."""

from typing import Any

Path = tuple[str | int, ...]
# Words that OpenInference puts after each index and that say nothing: 0.message.content, 1.document.score.
NOISE = frozenset({"message", "tool_call", "message_content", "document", "embedding", "tool"})
MAX_INDEX_DIGITS = 5


def path_of(rest: str) -> Path | None:
    """Return the steps in the part of a name after its prefix, None unless the first is an index."""
    steps: list[str | int] = []
    for word in rest.split("."):
        if word.isascii() and word.isdecimal() and len(word) <= MAX_INDEX_DIGITS:
            steps.append(int(word))
        elif not (word in NOISE and steps and isinstance(steps[-1], int)):
            steps.append(word)
    return tuple(steps) if isinstance(steps[0], int) else None


class Level(dict[str | int, Any]):
    """One level of a tree. A type of its own, since values are mappings too, and those are the client's."""


def grow(tree: Level, path: Path, value: Any) -> bool:
    """Put the value into the tree; False where the path contradicts what is there."""
    node = tree
    for step in path[:-1]:
        node = node.setdefault(step, Level())
        if type(node) is not Level:
            return False
    return node.setdefault(path[-1], value) is value


def folded(tree: Level) -> Any:
    """Return the tree with each level of indexes as a list, in their order."""
    found = {key: folded(value) if type(value) is Level else value for key, value in tree.items()}
    kinds = set(map(type, found))
    if kinds == {int}:
        return [found[key] for key in sorted(found)]
    return found if kinds == {str} else {str(key): value for key, value in found.items()}
