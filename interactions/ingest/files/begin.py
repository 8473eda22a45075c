"""BEGIN (Dziri et al. 2022): knowledge passage, message, a model's answer, a human verdict whether it is attributable.

Passages, messages, answers, models and verdicts are real. The file has no times, tokens, users or durations: times are
spread (see times.py) and the others stay empty.
"""

from typing import Any

from interactions.ingest.files.row import FileFormat
from observatory.core.errors import ApiError

COLUMNS = frozenset({"model_name", "data_source", "knowledge", "message", "response", "begin_label"})


def convert(row: dict[str, Any]) -> dict[str, Any]:
    missing = sorted(COLUMNS - row.keys())
    if missing:
        raise ApiError("missing", f"The row has no {', '.join(missing)}.")
    model, source, verdict = (str(row[name]).strip() for name in ("model_name", "data_source", "begin_label"))
    return {
        "query": row["message"],
        "answer": row["response"],
        "passages": [{"text": row["knowledge"], "source": source}],
        "model": model,
        "category": source,
        "experiment": f"begin_{source}",
        "arm": model,
        "tags": ["begin", verdict.lower()],
        "metadata": {"dataset": "BEGIN", "begin_label": verdict, "time_is_synthetic": True},
    }


BEGIN = FileFormat(
    name="begin",
    about="BEGIN: real passages, messages, answers of four models and human verdicts; times are made up",
    columns=COLUMNS,
    convert=convert,
)
