"""Langfuse's SDKs, version 3 to 5. Version 3 writes the trace's attributes on the root, version 5 on every span."""

from interactions.ingest.otlp import readers
from interactions.ingest.otlp.dialects.table import Dialect, Use, kind_table, weak
from interactions.ingest.otlp.usage_parts import usage_in_parts

LANGFUSE = Dialect(
    names={
        "langfuse.observation.model.name": "model",
        "langfuse.observation.usage_details": Use("usage", usage_in_parts),
        "langfuse.observation.cost_details": Use("cost_usd", readers.total_dollars),
        "langfuse.observation.completion_start_time": "first_token_ns",
        "langfuse.observation.input": "input",
        "langfuse.observation.output": "output",
        "langfuse.trace.input": weak("input"),
        "langfuse.trace.output": weak("output"),
        "langfuse.observation.level": "level",
        "langfuse.observation.status_message": "error_message",
        "langfuse.observation.prompt.name": "prompt_name",
        "langfuse.observation.prompt.version": "prompt_version",
        "langfuse.observation.metadata": "metadata",
        "langfuse.trace.metadata": "metadata",
        "langfuse.trace.name": "trace_name",
        "langfuse.trace.tags": "tags",
        "langfuse.session.id": "session_id",
        "langfuse.user.id": "user_id",
        "langfuse.environment": "environment",
        "langfuse.release": "release",
    },
    kinds={
        "langfuse.observation.type": kind_table(
            llm="generation",
            embedding="embedding",
            agent="agent",
            tool="tool",
            chain="chain",
            retriever="retriever",
            evaluator="evaluator",
            guardrail="guardrail",
        ),
    },
    metadata=("langfuse.trace.metadata.", "langfuse.observation.metadata."),
    is_quoted=True,
)
