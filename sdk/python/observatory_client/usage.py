"""Token counts out of what a model's client returned, whichever client it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Ways to a number, the first that leads to one counts. Input includes cached tokens, output includes reasoning.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "input_tokens": (
        "usage.prompt_tokens",  # OpenAI's chat completions, and all that are made like it
        "usage.input_tokens",  # OpenAI's responses, Anthropic
        "usage.inputTokens",  # Bedrock
        "usage_metadata.prompt_token_count",  # Gemini
        "usage_metadata.input_tokens",  # LangChain
        "usageMetadata.promptTokenCount",  # Gemini's REST API
        "prompt_eval_count",  # Ollama
    ),
    "output_tokens": (
        "usage.completion_tokens",
        "usage.output_tokens",
        "usage.outputTokens",
        "usage_metadata.candidates_token_count",
        "usage_metadata.output_tokens",
        "usageMetadata.candidatesTokenCount",
        "eval_count",
    ),
    "cached_tokens": (
        "usage.prompt_tokens_details.cached_tokens",
        "usage.input_tokens_details.cached_tokens",
        "usage.cache_read_input_tokens",
        "usage.cacheReadInputTokens",
        "usage_metadata.cached_content_token_count",
        "usage_metadata.input_token_details.cache_read",
        "usageMetadata.cachedContentTokenCount",
    ),
    "cache_write_tokens": (
        "usage.cache_creation_input_tokens",
        "usage.cacheWriteInputTokens",
        "usage_metadata.input_token_details.cache_creation",
    ),
    "reasoning_tokens": (
        "usage.completion_tokens_details.reasoning_tokens",
        "usage.output_tokens_details.reasoning_tokens",
        "usage_metadata.thoughts_token_count",
        "usage_metadata.output_token_details.reasoning",
        "usageMetadata.thoughtsTokenCount",
    ),
}
# These count cached and written tokens, or thoughts, beside the others and not among them.
INPUT_BESIDE = (
    "usage.cache_read_input_tokens",
    "usage.cache_creation_input_tokens",
    "usage.cacheReadInputTokens",
    "usage.cacheWriteInputTokens",
)
OUTPUT_BESIDE = ("usage_metadata.thoughts_token_count", "usageMetadata.thoughtsTokenCount")
MODEL = ("model_version", "modelVersion", "model")


def read_usage(answer: Any) -> dict[str, int]:
    """Return the token counts that `answer` (an object, or a dict) tells, under the names of the API; {} if none."""
    found = {field: number for field, ways in FIELDS.items() if (number := _first(answer, ways)) is not None}
    if "input_tokens" in found:
        found["input_tokens"] += sum(_number(answer, way) or 0 for way in INPUT_BESIDE)
    if "output_tokens" in found:
        found["output_tokens"] += sum(_number(answer, way) or 0 for way in OUTPUT_BESIDE)
    return found


def read_model(answer: Any) -> str:
    """Return the exact model that says it answered, or ""."""
    names = (_step(answer, name) for name in MODEL)
    return next((name for name in names if isinstance(name, str) and name), "")


def _first(answer: Any, ways: tuple[str, ...]) -> int | None:
    return next((number for way in ways if (number := _number(answer, way)) is not None), None)


def _number(answer: Any, way: str) -> int | None:
    value = answer
    for name in way.split("."):
        value = _step(value, name)
        if value is None:
            return None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _step(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
