"""Token counts in Langfuse's `usage_details`, whose entries are parts beside each other.

Langfuse's rule: what has an entry of its own is not in `input` or `output`, and a missing total is the sum of all. Only an
object in OpenAI's shape, with `prompt_tokens` or with `..._details` nested in it, says the whole and of it the details.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from interactions.ingest.otlp.readers import count, mapping
from interactions.ingest.otlp.usage import TOTAL, first_of, tokens_of

OPENAI = frozenset({"prompt_tokens", "promptTokens", "prompt_token_count"})
DETAILS = "_details"
INPUT_ALONE = ("input", "input_tokens", "inputTokens")
OUTPUT_ALONE = ("output", "output_tokens", "outputTokens")
# A part of the input, or of the output, has one of these in its name.
INPUT = ("input", "cach")
OUTPUT = ("output", "reasoning", "thought")
CACHED = ("cach",)
WRITTEN = ("creation", "write")
REASONING = ("reasoning", "thought")
# What a service tier did to tokens that other entries count.
PRIORITY = "priority"
WRITES = "cache_creation_input_tokens"
WRITES_BY_AGE = "cache_creation_"  # Anthropic's: how much of the writes is kept for how long


def usage_in_parts(value: Any) -> dict[str, int] | None:
    """Return the counts of Langfuse's object; input includes the cached and written tokens, output the reasoning."""
    usage = mapping(value)
    if usage is None:
        return None
    if not OPENAI.isdisjoint(usage) or any(type(usage[name]) is dict for name in usage if name.endswith(DETAILS)):
        return tokens_of(usage) or None
    parts = _parts(usage)
    inputs = {name: number for name, number in parts.items() if _has(name, INPUT)}
    outputs = {name: number for name, number in parts.items() if name not in inputs and _has(name, OUTPUT)}
    cached = {name: number for name, number in inputs.items() if _has(name, CACHED)}
    found = {
        "input_tokens": _sum(inputs.values()),
        "output_tokens": _sum(outputs.values()),
        "cached_tokens": _sum(number for name, number in cached.items() if not _has(name, WRITTEN)),
        "cache_write_tokens": _sum(number for name, number in cached.items() if _has(name, WRITTEN)),
        "reasoning_tokens": _sum(number for name, number in outputs.items() if _has(name, REASONING)),
    }
    tokens = {name: number for name, number in found.items() if number is not None}
    return _held_to_total(tokens, usage, parts) or None


def _parts(usage: Mapping[str, Any]) -> dict[str, int]:
    numbers = ((name, count(value)) for name, value in usage.items() if value is not None and PRIORITY not in name)
    parts = {name: number for name, number in numbers if number is not None}
    if WRITES in parts:
        return {name: number for name, number in parts.items() if name == WRITES or not name.startswith(WRITES_BY_AGE)}
    return parts


def _held_to_total(tokens: dict[str, int], usage: Mapping[str, Any], parts: Mapping[str, int]) -> dict[str, int]:
    """Return the counts, input and output as they stand where a total that was given is the sum of these two alone."""
    total, asked, answered = first_of(usage, TOTAL), first_of(parts, INPUT_ALONE), first_of(parts, OUTPUT_ALONE)
    if total is None or asked is None or answered is None or total != asked + answered:
        return tokens
    return tokens | {"input_tokens": asked, "output_tokens": answered}


def _has(name: str, words: Iterable[str]) -> bool:
    name = name.lower()
    return any(word in name for word in words)


def _sum(numbers: Iterable[int]) -> int | None:
    """Return the sum, None of nothing."""
    found = list(numbers)
    return sum(found) if found else None
