"""OpenInference's OpenAI instrumentor: `openinference_openai.py ENDPOINT KEY`. Prints the trace ids it sent, one a line.

Needs openai, openinference-instrumentation-openai, opentelemetry-sdk, opentelemetry-exporter-otlp-proto-http.
"""

import sys
from pathlib import Path

from openai import OpenAI, OpenAIError
from openinference.instrumentation import using_attributes
from openinference.instrumentation.openai import OpenAIInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import format_trace_id

sys.path.insert(0, str(Path(__file__).parent))
import fake_openai

QUESTION = "How long is the guarantee?"
CHAIN = {"openinference.span.kind": "CHAIN", "input.value": QUESTION}
RESOURCE = {"service.name": "shop", "service.version": "1.4.0", "deployment.environment.name": "staging"}
TOOL = {"type": "function", "function": {"name": "find_order", "parameters": {"type": "object", "properties": {}}}}


def main(endpoint: str, key: str) -> None:
    server, base_url = fake_openai.start()
    resource = Resource.create(
        {"service.name": "shop", "service.version": "1.4.0", "deployment.environment.name": "staging"}
    )
    provider = TracerProvider(resource=resource)
    headers = {"Authorization": f"Bearer {key}"}
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces", headers=headers)))
    OpenAIInstrumentor().instrument(tracer_provider=provider)
    client = OpenAI(base_url=base_url, api_key="none", max_retries=0)
    messages = [{"role": "system", "content": "Answer briefly."}, {"role": "user", "content": QUESTION}]
    tracer = provider.get_tracer("shop")
    with (
        using_attributes(session_id="session-oi", user_id="user-oi", metadata={"plan": "gold"}, tags=["alpha", "beta"]),
        tracer.start_as_current_span(
            "answer", attributes={"openinference.span.kind": "CHAIN", "input.value": QUESTION}
        ) as root,
    ):
        client.chat.completions.create(model="gpt-4o-mini", messages=messages, temperature=0.2)
        client.chat.completions.create(model="gpt-4o-mini", messages=messages, tools=[TOOL])
        stream = client.chat.completions.create(
            model="gpt-4o-mini", messages=messages, stream=True, stream_options={"include_usage": True}
        )
        for _ in stream:
            pass
        client.embeddings.create(model="text-embedding-3-small", input=QUESTION, encoding_format="float")
        try:
            client.chat.completions.create(model="no-such-model", messages=messages)
        except OpenAIError as error:
            root.set_attribute("output.value", str(error))
    provider.shutdown()
    server.shutdown()
    print(format_trace_id(root.get_span_context().trace_id))


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), sys.argv[2])
