"""Vercel's AI SDK."""

import json

from interactions.models import Kind
from tests.interactions.ingest.otlp.build import read

MESSAGES = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": [{"type": "text", "text": "How long?"}]},
    {"role": "tool", "content": [{"type": "tool-result", "toolCallId": "c0", "toolName": "find", "result": {"ok": True}}]},
]


def test_the_outer_span_is_a_chain_whose_tokens_do_not_count() -> None:
    record = read(
        {
            "ai.operationId": "ai.generateText",
            "ai.prompt": json.dumps({"system": "Be brief.", "messages": MESSAGES}),
            "ai.response.text": "Two years.",
            "ai.usage.inputTokens": 100,
        }
    )
    assert (record.kind, record.input_tokens) == (Kind.CHAIN, None)
    assert record.texts["output"] == "Two years."
    assert record.texts["attributes"] == {"ai.usage.inputTokens": 100}


def test_the_inner_span_is_the_model_call() -> None:
    record = read(
        {
            "ai.operationId": "ai.streamText.doStream",
            "ai.model.id": "gpt-4o",
            "ai.model.provider": "openai.chat",
            "ai.response.model": "gpt-4o-2024-08-06",
            "ai.prompt.messages": json.dumps(MESSAGES),
            "ai.response.text": "",
            "ai.response.toolCalls": json.dumps([{"toolCallId": "c1", "toolName": "find", "args": {"order": 1}}]),
            "ai.usage.inputTokens": 100,
            "ai.usage.outputTokens": 20,
            "ai.usage.cachedInputTokens": 40,
            "ai.response.msToFirstChunk": 120.5,
            "ai.telemetry.metadata.sessionId": "s-1",
            "ai.telemetry.metadata.plan": "gold",
        }
    )
    assert (record.kind, record.model, record.provider) == (Kind.LLM, "gpt-4o-2024-08-06", "openai")
    assert (record.input_tokens, record.output_tokens, record.cached_tokens) == (100, 20, 40)
    assert record.time_to_first_token_ms == 120.5
    assert record.texts == {
        "session_id": "s-1",
        "metadata": {"plan": "gold"},
        "input": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "How long?"},
            {
                "role": "tool",
                "content": "",
                "tool_call_id": "c0",
                "attachments": [{"type": "tool_result", "result": {"ok": True}}],
            },
        ],
        "output": [
            {"role": "assistant", "content": "", "tool_calls": [{"id": "c1", "name": "find", "arguments": {"order": 1}}]}
        ],
        "attributes": {"ai.model.id": "gpt-4o"},
    }


def test_a_tool_call_is_a_tool() -> None:
    record = read({"ai.operationId": "ai.toolCall", "ai.toolCall.name": "find", "ai.toolCall.args": '{"order": 1}'})
    assert (record.kind, record.texts["input"]) == (Kind.TOOL, {"order": 1})


def test_embeddings_lose_their_vectors() -> None:
    record = read({"ai.operationId": "ai.embed.doEmbed", "ai.values": ["How long?"], "ai.embeddings": ["[0.1,0.2]"]})
    assert record.kind == Kind.EMBEDDING
    assert record.texts == {"input": "How long?"}
