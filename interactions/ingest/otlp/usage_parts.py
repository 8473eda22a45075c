"""Token counts in Langfuse's `usage_details`, whose entries are parts beside each other.

Langfuse's rule: what has an entry of its own is not in `input` or `output`, and a missing total is the sum of all. Only an
object in OpenAI's shape, with its names or with `..._details` nested in it, says the whole and of it the details. A total
that only adds up where parts are within `input` or `output` says that they are: Google's cached tokens, for one.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from interactions.ingest.otlp.readers import count, mapping
from interactions.ingest.otlp.usage import TOTAL, first_of, tokens_of

OPENAI = frozenset({"prompt_tokens", "promptTokens", "prompt_token_count"})
OPENAI |= {"completion_tokens", "completionTokens", "candidates_token_count"}
DETAILS = "_details"
INPUT_ALONE = ("input", "input_tokens", "inputTokens")
OUTPUT_ALONE = ("output", "output_tokens", "outputTokens")
INPUT, OUTPUT = "input_tokens", "output_tokens"
CACHED, WRITTEN, REASONING = "cached_tokens", "cache_write_tokens", "reasoning_tokens"
# What a service tier did to tokens that other entries count.
PRIORITY = "priority"
# Names come from outside: the memory of resolved ones is bounded, by their number and length.
REMEMBERED_NAMES, MAX_NAME = 1_024, 100
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
    tokens: dict[str, int] = {}
    for name, number in parts.items():
        for target in _targets(name):
            tokens[target] = tokens.get(target, 0) + number
    return _held_to_total(tokens, usage, parts) or None


def _parts(usage: Mapping[str, Any]) -> dict[str, int]:
    names = (name for name in usage if len(name) <= MAX_NAME and PRIORITY not in name)
    numbers = ((name, count(usage[name])) for name in names if usage[name] is not None)
    parts = {name: number for name, number in numbers if number is not None}
    if WRITES in parts:
        return {name: number for name, number in parts.items() if name == WRITES or not name.startswith(WRITES_BY_AGE)}
    return parts


def _held_to_total(tokens: dict[str, int], usage: Mapping[str, Any], parts: Mapping[str, int]) -> dict[str, int]:
    """Return the counts, input or output or both as they stand where that alone adds up to a total that was given."""
    total, asked, answered = first_of(usage, TOTAL), first_of(parts, INPUT_ALONE), first_of(parts, OUTPUT_ALONE)
    if total is None or asked is None or answered is None:
        return tokens
    # All beside each other, all within, the cached within and the thoughts beside (as Google counts), or the other way.
    whole_input, whole_output = tokens[INPUT], tokens[OUTPUT]
    ways = ((whole_input, whole_output), (asked, answered), (asked, whole_output), (whole_input, answered))
    told = next((way for way in ways if sum(way) == total), ways[0])
    return tokens | dict(zip((INPUT, OUTPUT), told, strict=True))


@lru_cache(maxsize=REMEMBERED_NAMES)
def _targets(name: str) -> tuple[str, ...]:
    """Return the counts that the entry of this name adds to, by what its name contains."""
    name = name.lower()
    if "cach" in name and "output" not in name:
        return INPUT, WRITTEN if "creation" in name or "write" in name else CACHED
    if "input" in name:
        return (INPUT,)
    if "reasoning" in name or "thought" in name:
        return OUTPUT, REASONING
    return (OUTPUT,) if "output" in name else ()
