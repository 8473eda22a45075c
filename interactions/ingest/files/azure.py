"""Azure's LLM inference trace 2023 (Patel et al. 2024): arrival time, context tokens and generated tokens of requests.

Times and token counts are real. The file names no model and has no texts, users or durations: these stay empty,
so there is no cost either.
"""

from typing import Any

from interactions.ingest.files.row import FileFormat
from observatory.core.errors import ApiError

COLUMNS = frozenset({"TIMESTAMP", "ContextTokens", "GeneratedTokens"})
MICROSECOND_CHARS = len("2023-11-16 18:15:46.680590")  # the file has a seventh digit, and no zone: it is UTC


def convert(row: dict[str, Any]) -> dict[str, Any]:
    missing = sorted(COLUMNS - row.keys())
    if missing:
        raise ApiError("missing", f"The row has no {', '.join(missing)}.")
    return {
        "name": "Azure LLM inference 2023",
        "asked_at": str(row["TIMESTAMP"])[:MICROSECOND_CHARS],
        "input_tokens": _count(row, "ContextTokens"),
        "output_tokens": _count(row, "GeneratedTokens"),
        "tags": ["azure-llm-2023"],
    }


def _count(row: dict[str, Any], name: str) -> int:
    try:
        return int(row[name])
    except ValueError:
        raise ApiError("invalid", "expected a whole number", field=name) from None


AZURE = FileFormat(
    name="azure",
    about="Azure LLM inference trace 2023: real times and token counts, no texts and no model, hence no cost",
    columns=COLUMNS,
    convert=convert,
)
