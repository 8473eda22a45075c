"""Our own fields, as the API takes them. In a table, lists and objects are JSON in their cell."""

from typing import Any

from interactions.ingest.files.row import FileFormat
from observatory.core.bodies import parse_json
from observatory.core.errors import ApiError

TEXTS = {
    "id", "interaction_id", "trace_id", "query", "answer", "model", "provider", "model_version", "session_id", "user_id",
    "environment", "release", "name", "prompt_name", "prompt_version", "category", "experiment", "arm", "final_decision",
    "status", "cost_usd",
}  # fmt: skip
NUMBERS = {
    "input_tokens", "prompt_tokens", "output_tokens", "completion_tokens", "cached_tokens", "cache_write_tokens",
    "reasoning_tokens", "latency_ms", "retrieval_ms", "generation_ms", "time_to_first_token_ms", "confidence",
    "citations_count",
}  # fmt: skip
TIMES = {"asked_at", "timestamp"}
NESTED = {"passages", "metadata", "tags", "error"}


def convert(row: dict[str, Any]) -> dict[str, Any]:
    """Give the cells of a table their types; what JSON has typed stays as it is."""
    return {name: _typed(name, value) if isinstance(value, str) else value for name, value in row.items()}


def _typed(name: str, value: str) -> Any:
    if name in NUMBERS | TIMES:
        return _number_or_text(value)
    if name in NESTED and value[:1] in "[{":
        try:
            return parse_json(value.encode("utf-8", "surrogatepass"))
        except ApiError as error:
            raise ApiError("invalid", error.reason.replace("The body", "The cell"), field=name) from None
    if name == "tags":
        return [tag.strip() for tag in value.split(";") if tag.strip()]
    return [value] if name == "passages" else value


def _number_or_text(value: str) -> Any:
    """A text that is no number is left for the field's own check to refuse, or to read as a time."""
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            continue
    return value


NATIVE = FileFormat(
    name="native",
    about="the fields of POST /api/v1/interactions",
    columns=frozenset(TEXTS | NUMBERS | TIMES | NESTED),
    convert=convert,
)
