"""Logfire and Pydantic AI, which write GenAI's names and, depending on the version, these."""

from interactions.ingest.otlp.dialects.table import Dialect, weak
from interactions.models import Kind

LOGFIRE = Dialect(
    names={
        "final_result": "output",
        "tool_arguments": "input",
        "tool_response": "output",
        "pydantic_ai.all_messages": weak("input"),
        "all_messages_events": weak("message_events"),
        "events": weak("message_events"),
        "request_data": weak("input"),
        "response_data": weak("output"),
        "model_name": weak("model"),
        "operation.cost": "cost_usd",
        "logfire.tags": "tags",
    },
    betrays={
        "pydantic_ai.all_messages": Kind.AGENT,
        "all_messages_events": Kind.AGENT,
        "gen_ai.agent.call.id": Kind.AGENT,
        "tool_arguments": Kind.TOOL,
    },
)

SPAN_TYPE = "logfire.span_type"
# Sent when a span starts, and sent again complete when it ends.
PENDING = "pending_span"
