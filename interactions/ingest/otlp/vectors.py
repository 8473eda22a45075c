"""Embedding vectors: thousands of numbers that nobody reads, recognised where they stand and left out."""

from typing import Any

VECTOR_NAMES = ("embedding.vector", "ai.embedding", "ai.embeddings", "embeddings.vector", "db.query.result.vector")
VECTOR_KEYS = frozenset({"embedding", "embeddings", "vector", "vectors"})
MOST_NUMBERS = 16


def is_vector(attribute: str) -> bool:
    """Whether the attribute of this name holds vectors."""
    return attribute.endswith(VECTOR_NAMES)


def without_vectors(value: Any) -> Any:
    """Return the output of an embedding call without its vectors, None where nothing else is in it."""
    if isinstance(value, dict):
        kept = {key: without_vectors(item) for key, item in value.items() if key not in VECTOR_KEYS or _is_small(item)}
        return {key: item for key, item in kept.items() if item not in (None, [], {})} or None
    if isinstance(value, list):
        if len(value) > MOST_NUMBERS and isinstance(value[0], float | int):
            return None
        return [item for item in map(without_vectors, value) if item not in (None, [], {})] or None
    return value


def _is_small(value: Any) -> bool:
    """Whether a value under a vector's key is something else: a list of objects, a short text, a number."""
    if isinstance(value, list):
        return not (value and isinstance(value[0], float | int))
    return not isinstance(value, str) or len(value) <= MOST_NUMBERS
