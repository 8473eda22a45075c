"""Vercel's AI SDK. Its outer span (`ai.generateText`) repeats what the inner one (`.doGenerate`) did: it is a chain."""

from interactions.ingest.otlp.dialects.table import Dialect, EventUse, kind_table, weak
from interactions.models import Kind

VERCEL = Dialect(
    names={
        "ai.response.model": "model",
        "ai.model.id": "model",
        "ai.model.provider": "provider",
        "ai.usage.inputTokens": "input_tokens",
        "ai.usage.promptTokens": "input_tokens",
        "ai.usage.tokens": "input_tokens",
        "ai.usage.outputTokens": "output_tokens",
        "ai.usage.completionTokens": "output_tokens",
        "ai.usage.cachedInputTokens": "cached_tokens",
        "ai.usage.inputTokenDetails.cacheReadTokens": "cached_tokens",
        "ai.usage.inputTokenDetails.cacheWriteTokens": "cache_write_tokens",
        "ai.usage.reasoningTokens": "reasoning_tokens",
        "ai.usage.outputTokenDetails.reasoningTokens": "reasoning_tokens",
        "ai.response.msToFirstChunk": "first_token_ms",
        "ai.stream.msToFirstChunk": "first_token_ms",
        "ai.prompt.messages": "input",
        "ai.prompt": weak("input"),
        "ai.value": "input",
        "ai.values": "input",
        "ai.toolCall.args": "input",
        "ai.toolCall.result": "output",
        "ai.response.text": "output",
        "ai.response.object": "output",
        "ai.result.text": weak("output"),
        "ai.result.object": weak("output"),
        "ai.response.toolCalls": "tool_calls",
        "ai.result.toolCalls": weak("tool_calls"),
        "ai.telemetry.metadata.sessionId": "session_id",
        "ai.telemetry.metadata.userId": "user_id",
        "ai.telemetry.metadata.tags": "tags",
    },
    kinds={
        "ai.operationId": kind_table(
            chain="ai.generatetext ai.streamtext ai.generateobject ai.streamobject ai.embed ai.embedmany ai.rerank",
            llm="ai.generatetext.dogenerate ai.streamtext.dostream ai.generateobject.dogenerate ai.streamobject.dostream",
            embedding="ai.embed.doembed ai.embedmany.doembed",
            reranker="ai.rerank.dorerank",
            tool="ai.toolcall",
        ),
    },
    metadata=("ai.telemetry.metadata.",),
    events={"ai.stream.firstChunk": EventUse.FIRST_CHUNK},
    betrays={"ai.toolCall.name": Kind.TOOL},
)
