"""Bodies that can be sent as they are. OpenAPI shows them; the tests send them."""

from typing import Any

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"

INTERACTIONS: dict[str, Any] = {
    "the least that is useful": {
        "query": "How do I reset my password?",
        "answer": "Open Settings, choose Security, then Reset password.",
        "model": "gpt-4o-mini",
        "input_tokens": 512,
        "output_tokens": 48,
    },
    "retrieval, session and user": {
        "id": "0b6f3d1e-6f0a-4d1c-9a7e-2f7a4c0f5e11",
        "query": "How long is the guarantee?",
        "answer": "Two years from the day of purchase [1].",
        "model": "gpt-4o-mini",
        "provider": "openai",
        "input_tokens": 1480,
        "output_tokens": 61,
        "cached_tokens": 1024,
        "latency_ms": 1840,
        "retrieval_ms": 210,
        "generation_ms": 1600,
        "time_to_first_token_ms": 420,
        "confidence": 0.87,
        "citations_count": 1,
        "session_id": "chat-81",
        "user_id": "user-7",
        "asked_at": "2026-01-31T09:00:00Z",
        "environment": "production",
        "release": "1.4.0",
        "prompt_name": "answer-with-sources",
        "prompt_version": "12",
        "category": "guarantee",
        "tags": ["web", "eu"],
        "metadata": {"plan": "gold"},
        "passages": [
            {"id": "terms-4", "text": "A guarantee of two years from purchase.", "score": 0.91, "source": "terms.md"}
        ],
    },
    "a failure": {
        "query": "Where is my order?",
        "model": "gpt-4o-mini",
        "latency_ms": 30000,
        "status": "error",
        "error": {"type": "TimeoutError", "message": "The model did not answer within 30 s."},
    },
    "several at once": [
        {"query": "What is the capital of France?", "answer": "Paris.", "model": "gpt-4o-mini"},
        {"query": "And of Italy?", "answer": "Rome.", "model": "gpt-4o-mini"},
    ],
}
EVENTS: dict[str, Any] = {
    "a structured event": {
        "type": "vector.search",
        "trace_id": TRACE_ID,
        "component": "retriever",
        "action": "search",
        "duration_ms": 38.5,
        "data": {"collection": "terms", "results": 5},
    },
    "several at once": [
        {"type": "chat.start", "session_id": "chat-81"},
        {"type": "chat.complete", "session_id": "chat-81", "duration_ms": 1840},
    ],
}
SPANS: dict[str, Any] = {
    "a trace of two stages": [
        {
            "trace_id": TRACE_ID,
            "span_id": "00f067aa0ba902b7",
            "name": "answer question",
            "kind": "chain",
            "started_at": "2026-01-31T09:00:00Z",
            "duration_ms": 1840,
            "input": "How long is the guarantee?",
            "output": "Two years from the day of purchase.",
            "session_id": "chat-81",
        },
        {
            "trace_id": TRACE_ID,
            "span_id": "53995c3f42cd8ad8",
            "parent_span_id": "00f067aa0ba902b7",
            "name": "chat gpt-4o-mini",
            "kind": "llm",
            "started_at": "2026-01-31T09:00:00.230Z",
            "duration_ms": 1600,
            "model": "gpt-4o-mini",
            "provider": "openai",
            "input_tokens": 1480,
            "output_tokens": 61,
            "input": [{"role": "user", "content": "How long is the guarantee?"}],
            "output": [{"role": "assistant", "content": "Two years from the day of purchase."}],
        },
    ],
    "one stage": {"trace_id": TRACE_ID, "name": "load profile", "kind": "tool", "duration_ms": 12.5},
}
BROWSER: dict[str, Any] = {
    "how the page loaded": {
        "type": "performance",
        "data": {"pageLoadTime": 1240, "domContentLoaded": 640, "firstPaint": 380, "firstContentfulPaint": 410},
        "timestamp": 1769850000000,
    },
    "an error in the page": {
        "type": "error",
        "data": {"message": "x is undefined", "component": "Chat", "sessionId": "chat-81", "severity": "high"},
    },
    "several at once": [
        {"type": "question_category", "data": {"category": "billing", "questionLength": 44}},
        {"type": "user_feedback", "data": {"sessionId": "chat-81", "rating": 5, "helpful": True}},
    ],
}
OTLP_TRACES: dict[str, Any] = {
    "one call of a model": {
        "resourceSpans": [
            {
                "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]},
                "scopeSpans": [
                    {
                        "spans": [
                            {
                                "traceId": "5b8efff798038103d269b633813fc60c",
                                "spanId": "eee19b7ec3c1b174",
                                "name": "chat gpt-4o-mini",
                                "kind": 3,
                                "startTimeUnixNano": "1769850000000000000",
                                "endTimeUnixNano": "1769850001600000000",
                                "attributes": [
                                    {"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}},
                                    {"key": "gen_ai.request.model", "value": {"stringValue": "gpt-4o-mini"}},
                                    {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "1480"}},
                                    {"key": "gen_ai.usage.output_tokens", "value": {"intValue": "61"}},
                                ],
                            }
                        ]
                    }
                ],
            }
        ]
    }
}
