"""CPU time from the bytes of an OTLP request to span records: `python benchmarks/decode_otlp.py [TRACES]`.

Each trace has four spans of about three kilobytes (chain, retriever with four documents, embedding, llm); half of the
traces speak GenAI, half OpenInference. Prints microseconds a span, the median of nine runs, for both encodings.
"""

import base64
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "observatory.settings")

import django
import orjson
from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue

RUNS = 9
START_NS = 1_767_225_600_000_000_000
RESOURCE = {"service.name": "shop", "service.version": "1.4.0", "deployment.environment.name": "production"}
ID_FIELDS = ("traceId", "spanId", "parentSpanId")


def sentence(rng: random.Random, words: int) -> str:
    return " ".join(f"word{rng.randrange(4000)}" for _ in range(words))


def genai_trace(rng: random.Random) -> list[dict[str, Any]]:
    question, documents = sentence(rng, 20), [sentence(rng, 65) for _ in range(4)]
    found = [{"id": f"doc-{n}", "score": 0.9 - n / 10, "content": text} for n, text in enumerate(documents)]
    system = "Answer only from these passages.\n" + "\n".join(documents)
    messages = [
        {"role": "system", "parts": [{"type": "text", "content": system}]},
        {"role": "user", "parts": [{"type": "text", "content": question}]},
    ]
    answer = [{"role": "assistant", "parts": [{"type": "text", "content": sentence(rng, 60)}], "finish_reason": "stop"}]
    shared = {"gen_ai.conversation.id": "session-17", "user.id": "user-4"}
    return [
        shared | {"gen_ai.operation.name": "invoke_workflow", "input.value": question, "app.context": sentence(rng, 250)},
        {
            "gen_ai.operation.name": "retrieval",
            "gen_ai.retrieval.query.text": question,
            "gen_ai.retrieval.documents": orjson.dumps(found).decode(),
        },
        {
            "gen_ai.operation.name": "embeddings",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": "text-embedding-3-small",
            "gen_ai.usage.input_tokens": 21,
            "app.text": sentence(rng, 250),
        },
        shared
        | {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": "gpt-4o-mini",
            "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
            "gen_ai.response.id": "chatcmpl-1",
            "gen_ai.response.finish_reasons": ["stop"],
            "gen_ai.request.temperature": 0.2,
            "gen_ai.request.max_tokens": 512,
            "gen_ai.usage.input_tokens": 812,
            "gen_ai.usage.output_tokens": 96,
            "gen_ai.usage.cache_read.input_tokens": 512,
            "gen_ai.response.time_to_first_chunk": 0.31,
            "gen_ai.input.messages": orjson.dumps(messages).decode(),
            "gen_ai.output.messages": orjson.dumps(answer).decode(),
        },
    ]


def openinference_trace(rng: random.Random) -> list[dict[str, Any]]:
    question, documents, answer = sentence(rng, 20), [sentence(rng, 65) for _ in range(4)], sentence(rng, 60)
    shared = {"session.id": "session-17", "user.id": "user-4", "tag.tags": ["alpha", "beta"]}
    retrieved: dict[str, Any] = {}
    for n, text in enumerate(documents):
        start = f"retrieval.documents.{n}.document"
        retrieved |= {f"{start}.id": f"doc-{n}", f"{start}.content": text, f"{start}.score": 0.9 - n / 10}
    system = "Answer only from these passages.\n" + "\n".join(documents)
    return [
        shared
        | {"openinference.span.kind": "CHAIN", "input.value": question, "output.value": answer, "a": sentence(rng, 200)},
        shared | {"openinference.span.kind": "RETRIEVER", "input.value": question} | retrieved,
        shared
        | {
            "openinference.span.kind": "EMBEDDING",
            "embedding.model_name": "text-embedding-3-small",
            "embedding.embeddings.0.embedding.text": question,
            "llm.token_count.prompt": 21,
            "app.text": sentence(rng, 230),
        },
        shared
        | {
            "openinference.span.kind": "LLM",
            "llm.model_name": "gpt-4o-mini-2024-07-18",
            "llm.provider": "openai",
            "llm.invocation_parameters": '{"model": "gpt-4o-mini", "temperature": 0.2}',
            "llm.input_messages.0.message.role": "system",
            "llm.input_messages.0.message.content": system,
            "llm.input_messages.1.message.role": "user",
            "llm.input_messages.1.message.content": question,
            "llm.output_messages.0.message.role": "assistant",
            "llm.output_messages.0.message.content": answer,
            "llm.token_count.prompt": 812,
            "llm.token_count.completion": 96,
            "llm.token_count.total": 908,
            "llm.token_count.prompt_details.cache_read": 512,
        },
    ]


def any_value(value: Any) -> AnyValue:
    if isinstance(value, list):
        return AnyValue(array_value=ArrayValue(values=[any_value(item) for item in value]))
    field = {str: "string_value", int: "int_value", float: "double_value"}[type(value)]
    return AnyValue(**{field: value})


def request_of(traces: int, seed: int = 7) -> ExportTraceServiceRequest:
    """Return a request with this many traces of four spans."""
    rng = random.Random(seed)
    request = ExportTraceServiceRequest()
    group = request.resource_spans.add()
    for key, value in {
        "service.name": "shop",
        "service.version": "1.4.0",
        "deployment.environment.name": "production",
    }.items():
        group.resource.attributes.add(key=key, value=any_value(value))
    scoped = group.scope_spans.add()
    scoped.scope.name = "benchmark"
    for number in range(traces):
        make = genai_trace if number % 2 else openinference_trace
        trace_id, root_id = rng.randbytes(16), rng.randbytes(8)
        for place, attributes in enumerate(make(rng)):
            span_id, parent_id = (rng.randbytes(8), root_id) if place else (root_id, b"")
            span = scoped.spans.add(trace_id=trace_id, span_id=span_id, parent_span_id=parent_id, name=f"step {place}")
            span.start_time_unix_nano = START_NS + number * 1_000_000_000 + place * 10_000_000
            span.end_time_unix_nano = span.start_time_unix_nano + 250_000_000
            for key, value in attributes.items():
                span.attributes.add(key=key, value=any_value(value))
    return request


def json_of(request: ExportTraceServiceRequest) -> bytes:
    """Return the request in OTLP's JSON encoding, whose ids are hex."""
    found = MessageToDict(request)
    for span in found["resourceSpans"][0]["scopeSpans"][0]["spans"]:
        for name in ID_FIELDS:
            if name in span:
                span[name] = base64.b64decode(span[name]).hex()
    return orjson.dumps(found)


def median_us(run: Callable[[], int]) -> float:
    """Return the median CPU time of one span."""
    found = []
    for _ in range(RUNS):
        before = time.process_time()
        spans = run()
        found.append((time.process_time() - before) / spans * 1e6)
    return statistics.median(found)


def main(traces: int) -> None:
    django.setup()
    from interactions.ingest.otlp.encodings import JSON, PROTOBUF
    from interactions.ingest.otlp.traces import parse_traces

    request = request_of(traces)
    for name, content_type, body in (
        ("protobuf", PROTOBUF, request.SerializeToString()),
        ("JSON", JSON, json_of(request)),
    ):
        spans, refusals = parse_traces(body, content_type)
        assert len(spans) == traces * 4
        assert not refusals
        us = median_us(lambda body=body, content_type=content_type: len(parse_traces(body, content_type)[0]))
        print(f"{name:9} {us:6.1f} us/span  ({len(body) / len(spans):,.0f} bytes/span, {len(spans)} spans a request)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 128)
