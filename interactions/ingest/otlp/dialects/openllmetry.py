"""OpenLLMetry, also called Traceloop."""

from typing import Any

from interactions.ingest.otlp import readers
from interactions.ingest.otlp.dialects.table import Dialect, EventUse, kind_table, weak


def call_arguments(value: Any) -> Any:
    """Return what a decorated function was called with: `{"args": ["hi"], "kwargs": {}}` is "hi"."""
    found = readers.unquoted_content(value)
    if not isinstance(found, dict) or not set(found) <= {"args", "kwargs"}:
        return found
    args, kwargs = found.get("args"), found.get("kwargs")
    if not kwargs and isinstance(args, list):
        return args[0] if len(args) == 1 else args
    return found if args else kwargs


OPENLLMETRY = Dialect(
    names={
        "llm.usage.prompt_tokens": "input_tokens",
        "llm.usage.completion_tokens": "output_tokens",
        "llm.request.model": "model",
        "llm.response.model": "model",
        "llm.vendor": "provider",
        "traceloop.entity.input": weak("input", call_arguments),
        "traceloop.entity.output": weak("output", readers.unquoted_content),
        "traceloop.association.properties.session_id": "session_id",
        "traceloop.association.properties.user_id": "user_id",
        "traceloop.prompt.key": "prompt_name",
        "traceloop.prompt.version": "prompt_version",
        "traceloop.workflow.name": "trace_name",
    },
    kinds={
        "traceloop.span.kind": kind_table(chain="workflow task", agent="agent", tool="tool"),
        "llm.request.type": kind_table(llm="chat completion", embedding="embedding", reranker="rerank"),
    },
    lists={"llm.prompts.": "input", "llm.completions.": "output"},
    metadata=("traceloop.association.properties.",),
    events={
        "gen_ai.content.completion.chunk": EventUse.FIRST_CHUNK,
        "llm.content.completion.chunk": EventUse.FIRST_CHUNK,
        "db.query.result": EventUse.DOCUMENT,
        "db.search.result": EventUse.DOCUMENT,
        "db.query.embeddings": EventUse.DROPPED,
        "db.search.embeddings": EventUse.DROPPED,
    },
)
