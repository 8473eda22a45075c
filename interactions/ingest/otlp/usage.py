"""Token counts that come as one object, in the names of OpenAI, Anthropic, Google and MLflow."""

from collections.abc import Mapping
from typing import Any

from interactions.ingest.otlp.readers import count, mapping

COUNTS = ("input_tokens", "output_tokens", "cached_tokens", "cache_write_tokens", "reasoning_tokens")
# The first name that is there counts. A dot leads into a nested object.
NAMES = {
    "input_tokens": ("input_tokens", "prompt_tokens", "input", "inputTokens", "promptTokens", "prompt_token_count"),
    "output_tokens": (
        "output_tokens",
        "completion_tokens",
        "output",
        "outputTokens",
        "completionTokens",
        "candidates_token_count",
    ),
    "cached_tokens": (
        "input_cached_tokens",
        "input_cache_read",
        "cache_read_input_tokens",
        "prompt_tokens_details.cached_tokens",
        "input_tokens_details.cached_tokens",
        "input_token_details.cache_read",
        "cached_tokens",
        "cachedInputTokens",
        "cached_content_token_count",
    ),
    "cache_write_tokens": (
        "input_cache_creation",
        "cache_creation_input_tokens",
        "input_cache_write",
        "cache_write_input_tokens",
        "input_token_details.cache_creation",
    ),
    "reasoning_tokens": (
        "output_reasoning_tokens",
        "output_reasoning",
        "completion_tokens_details.reasoning_tokens",
        "output_tokens_details.reasoning_tokens",
        "output_token_details.reasoning",
        "reasoning_tokens",
        "reasoningTokens",
        "thoughts_token_count",
    ),
}
TOTAL = ("total_tokens", "total", "totalTokens", "total_token_count")


def usage_of(value: Any) -> dict[str, int] | None:
    """Return the counts of a usage object or of its JSON text, None where it holds none."""
    usage = mapping(value)
    return (tokens_of(usage) or None) if usage is not None else None


def tokens_of(usage: Mapping[str, Any]) -> dict[str, int]:
    """Return the counts of a usage object; input includes the cached and written tokens, output the reasoning.

    Clients mean input with or without them: where the object has a total that is the sum of all, they are apart.
    """
    found = {name: first_of(usage, names) for name, names in NAMES.items()}
    tokens = {name: number for name, number in found.items() if number is not None}
    total = first_of(usage, TOTAL)
    if total is not None and total == sum(tokens.values()) and "input_tokens" in tokens:
        tokens["input_tokens"] += tokens.get("cached_tokens", 0) + tokens.get("cache_write_tokens", 0)
        if "output_tokens" in tokens:
            tokens["output_tokens"] += tokens.get("reasoning_tokens", 0)
    return tokens


def with_cached_input(tokens: dict[str, int]) -> dict[str, int]:
    """Return the counts, input raised where it cannot have included the cached tokens (Anthropic's way of counting)."""
    cached = tokens.get("cached_tokens", 0) + tokens.get("cache_write_tokens", 0)
    if "input_tokens" in tokens and cached > tokens["input_tokens"]:
        return tokens | {"input_tokens": tokens["input_tokens"] + cached}
    return tokens


def first_of(usage: Mapping[str, Any], names: tuple[str, ...]) -> int | None:
    """Return the count under the first of the names that holds one."""
    for name in names:
        outer, _, inner = name.partition(".")
        value = usage.get(outer)
        if inner:
            value = value.get(inner) if isinstance(value, dict) else None
        number = count(value) if value is not None else None
        if number is not None:
            return number
    return None
