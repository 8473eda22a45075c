"""HaluEval, general part (Li et al. 2023): questions of real users, ChatGPT's answers, a human verdict on each.

The questions, answers and verdicts are real. The file has no times, tokens, users or durations: times are spread
(see times.py) and the others stay empty.
"""

from typing import Any

from interactions.ingest.files.row import FileFormat
from observatory.core.errors import ApiError

COLUMNS = frozenset({"ID", "user_query", "chatgpt_response", "hallucination"})


def convert(row: dict[str, Any]) -> dict[str, Any]:
    missing = sorted(COLUMNS - row.keys())
    if missing:
        raise ApiError("missing", f"The row has no {', '.join(missing)}.")
    verdict = row["hallucination"]
    return {
        "query": row["user_query"],
        "answer": row["chatgpt_response"],
        "model": "chatgpt",
        "provider": "openai",
        "tags": ["halueval", f"hallucination:{verdict}"],
        "metadata": {
            "dataset": "HaluEval general",
            "dataset_id": row["ID"],
            "hallucination": verdict,
            "hallucination_spans": row.get("hallucination_spans") or [],
            "time_is_synthetic": True,
        },
    }


HALUEVAL = FileFormat(
    name="halueval",
    about="HaluEval general: real questions, answers and human verdicts; times are made up",
    columns=COLUMNS,
    convert=convert,
)
