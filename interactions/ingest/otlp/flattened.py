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


def grow(tree: dict[Any, Any], path: Path, value: Any) -> bool:
    """Put the value into the tree; False where the path contradicts what is there."""
    node = tree
    for step in path[:-1]:
        node = node.setdefault(step, {})
        if type(node) is not dict:
            return False
    return node.setdefault(path[-1], value) is value


def folded(tree: dict[Any, Any]) -> Any:
    """Return the tree with each level of indexes as a list, in their order."""
    for key, value in tree.items():
        if type(value) is dict:
            tree[key] = folded(value)
    kinds = set(map(type, tree))
    if kinds == {int}:
        return [tree[key] for key in sorted(tree)]
    return tree if kinds == {str} else {str(key): value for key, value in tree.items()}
