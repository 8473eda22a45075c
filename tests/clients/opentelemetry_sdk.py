"""OpenTelemetry's SDK with GenAI attributes set by hand: `opentelemetry_sdk.py ENDPOINT KEY`. Prints the trace id.

Needs opentelemetry-sdk, opentelemetry-exporter-otlp-proto-http.
"""

import json
import sys

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, format_trace_id

QUESTION = "How long is the guarantee?"
ANSWER = "The guarantee lasts two years."


def message(role: str, text: str) -> dict[str, object]:
    return {"role": role, "parts": [{"type": "text", "content": text}]}


RETRIEVAL = {
    "gen_ai.operation.name": "retrieval",
    "gen_ai.retrieval.query.text": QUESTION,
    "gen_ai.retrieval.documents": [
        {"id": "d1", "score": 0.91, "content": "A guarantee of two years.", "source": "terms.md"}
    ],
}
AGENT = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "helper", "gen_ai.conversation.id": "session-otel"}
TOOL = {"gen_ai.operation.name": "execute_tool"}
CHAT = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o-mini",
    "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
    "gen_ai.usage.input_tokens": 8234,
    "gen_ai.usage.output_tokens": 312,
    "gen_ai.usage.cache_read.input_tokens": 6000,
    "gen_ai.response.time_to_first_chunk": 0.25,
    "gen_ai.input.messages": json.dumps([message("user", QUESTION)]),
    "gen_ai.output.messages": json.dumps([message("assistant", ANSWER)]),
}


def main(endpoint: str, key: str) -> None:
    provider = TracerProvider(resource=Resource.create({"service.name": "shop", "service.version": "1.4.0"}))
    headers = {"Authorization": f"Bearer {key}"}
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces", headers=headers)))
    tracer = provider.get_tracer("shop", "1.0")
    agent = {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": "helper",
        "gen_ai.conversation.id": "session-otel",
    }
    with tracer.start_as_current_span("invoke_agent helper", attributes=agent) as root:
        tracer.start_span("retrieval handbook", kind=SpanKind.CLIENT, attributes=RETRIEVAL).end()
        tracer.start_span("chat gpt-4o-mini", kind=SpanKind.CLIENT, attributes=CHAT).end()
        try:
            with tracer.start_as_current_span(
                "execute_tool find_order", attributes={"gen_ai.operation.name": "execute_tool"}
            ):
                raise LookupError("order not found")
        except LookupError:
            root.set_attribute("shop.fallback", True)
    provider.shutdown()
    print(format_trace_id(root.get_span_context().trace_id))


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), sys.argv[2])
