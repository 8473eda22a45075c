"""Seeded OTLP requests of a retrieval chat: four spans a trace (chain, retriever with four documents, embedding, llm).

The texts are made of 4,000 English-like words with Zipf's frequencies, the passages come from 2,000 documents that repeat.
None of it is in the training set of the payloads' dictionary. Half of the traces speak GenAI, half OpenInference.
"""

import itertools
import random
from dataclasses import dataclass, field
from typing import Any

import orjson
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue

SPANS_PER_TRACE = 4
WORDS, DOCUMENTS, PASSAGES = 4_000, 2_000, 4
SECOND_NS = 1_000_000_000
START_NS = 1_767_225_600 * SECOND_NS
TRACE_EVERY_NS = SECOND_NS // 20
STEPS_MS = ((0, 1900), (40, 90), (5, 30), (140, 1700))  # start and duration: chain, retriever, embedding, llm
NAMES = ("answer_question", "retrieve", "embed", "chat gpt-4o-mini")
RESOURCE = {
    "service.name": "support-chat",
    "service.version": "2.7.1",
    "deployment.environment.name": "production",
    "telemetry.sdk.language": "python",
    "telemetry.sdk.name": "opentelemetry",
    "telemetry.sdk.version": "1.38.0",
    "host.name": "chat-7d9f8b6c5-x2x7k",
}
SYSTEM = "You are the support assistant of a bicycle shop. Use the passages below and nothing else; cite them by number."
ONSETS = "b c d f g h l m n p r s t v w st tr pl gr ch sh th br cl".split()
NUCLEI = "a a e e i i o o u ea ou ai".split()
CODAS = ["", "", "", "", "", "n", "r", "s", "t", "l", "m", "nd", "st", "ck", "ng"]


@dataclass
class Texts:
    """The vocabulary and the documents; the same for the same seed."""

    rng: random.Random
    words: list[str] = field(init=False)
    weights: list[float] = field(init=False)
    documents: list[str] = field(init=False)

    def __post_init__(self) -> None:
        found: dict[str, None] = {}
        while len(found) < WORDS:
            # Frequent words are short, as in any language.
            syllables = 1 if len(found) < 150 else self.rng.choice((1, 2, 2, 3, 3))
            found["".join(self._syllable() for _ in range(syllables))] = None
        self.words = list(found)
        self.weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(WORDS)))
        self.documents = [self.prose(self.rng.randint(110, 180)) for _ in range(DOCUMENTS)]

    def prose(self, words: int) -> str:
        chosen = self.rng.choices(self.words, cum_weights=self.weights, k=words)
        sentences = []
        while chosen:
            length = self.rng.randint(6, 18)
            sentences.append(" ".join(chosen[:length]).capitalize() + ".")
            chosen = chosen[length:]
        return " ".join(sentences)

    def _syllable(self) -> str:
        return self.rng.choice(ONSETS) + self.rng.choice(NUCLEI) + self.rng.choice(CODAS)


@dataclass
class Exchange:
    """What was asked, found and answered in one trace."""

    question: str
    answer: str
    passages: list[tuple[int, str, float]]
    session: str
    user: str
    input_tokens: int
    output_tokens: int

    @property
    def prompt(self) -> str:
        return SYSTEM + "\n\n" + "\n".join(f"[{place}] {text}" for place, (_, text, _) in enumerate(self.passages, 1))


class Traffic:
    """An endless source of requests: `Traffic(seed).requests(count, spans)`; all ids of one source differ.

    A trace begins every `every_ns`, the first at `start_ns` (Unix time).
    """

    def __init__(self, seed: int, *, start_ns: int = START_NS, every_ns: int = TRACE_EVERY_NS):
        self.start_ns, self.every_ns = start_ns, every_ns
        self.texts = Texts(random.Random(7))
        self.rng = random.Random(seed)
        self.numbers = itertools.count()

    def requests(self, count: int, spans: int) -> list[bytes]:
        """Return `count` serialised requests of `spans` spans each."""
        return [self._request(spans // SPANS_PER_TRACE) for _ in range(count)]

    def _request(self, traces: int) -> bytes:
        request = ExportTraceServiceRequest()
        group = request.resource_spans.add()
        for key, value in RESOURCE.items():
            group.resource.attributes.add(key=key, value=any_value(value))
        scoped = group.scope_spans.add()
        scoped.scope.name, scoped.scope.version = "openinference.instrumentation", "0.1.40"
        for _ in range(traces):
            self._add_trace(scoped, next(self.numbers))
        return request.SerializeToString()

    def _add_trace(self, scoped: Any, number: int) -> None:
        exchange = self._exchange()
        trace_id, root_id = self.rng.randbytes(16), self.rng.randbytes(8)
        attributes = genai(exchange) if number % 2 else openinference(exchange)
        for place, (name, (start_ms, duration_ms)) in enumerate(zip(NAMES, STEPS_MS, strict=True)):
            span = scoped.spans.add(
                trace_id=trace_id, span_id=self.rng.randbytes(8) if place else root_id, name=name, kind=1
            )
            if place:
                span.parent_span_id = root_id
            span.start_time_unix_nano = self.start_ns + number * self.every_ns + start_ms * 1_000_000
            span.end_time_unix_nano = span.start_time_unix_nano + int(duration_ms * 1_000_000 * self.rng.uniform(0.5, 2))
            for key, value in attributes[place].items():
                span.attributes.add(key=key, value=any_value(value))

    def _exchange(self) -> Exchange:
        rng, texts = self.rng, self.texts
        chosen = rng.sample(range(DOCUMENTS), PASSAGES)
        return Exchange(
            question=texts.prose(rng.randint(8, 25)),
            answer=texts.prose(rng.randint(40, 110)),
            passages=[
                (one, texts.documents[one], round(0.95 - place * rng.uniform(0.03, 0.1), 4))
                for place, one in enumerate(chosen)
            ],
            session=f"session-{rng.randrange(20_000)}",
            user=f"user-{rng.randrange(3_000)}",
            input_tokens=rng.randint(600, 1200),
            output_tokens=rng.randint(50, 160),
        )


def genai(exchange: Exchange) -> list[dict[str, Any]]:
    documents = [
        {"id": f"doc-{one}", "score": score, "content": text, "source": f"https://docs.example/{one}.html"}
        for one, text, score in exchange.passages
    ]
    messages = [message("system", exchange.prompt), message("user", exchange.question)]
    answer = message("assistant", exchange.answer) | {"finish_reason": "stop"}
    shared = {"gen_ai.conversation.id": exchange.session, "user.id": exchange.user}
    return [
        shared
        | {
            "gen_ai.operation.name": "invoke_workflow",
            "gen_ai.workflow.name": "support-chat",
            "gen_ai.input.messages": dumps([message("user", exchange.question)]),
            "gen_ai.output.messages": dumps([answer]),
            "http.request.method": "POST",
            "http.route": "/chat",
            "app.tenant": "north",
        },
        {
            "gen_ai.operation.name": "retrieval",
            "gen_ai.data_source.id": "handbook-2025",
            "gen_ai.retrieval.query.text": exchange.question,
            "gen_ai.retrieval.documents": dumps(documents),
            "db.system.name": "qdrant",
        },
        {
            "gen_ai.operation.name": "embeddings",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": "text-embedding-3-small",
            "gen_ai.usage.input_tokens": len(exchange.question) // 5,
            "gen_ai.embeddings.dimension.count": 1536,
            "gen_ai.input.messages": dumps([message("user", exchange.question)]),
            "server.address": "api.openai.com",
            "server.port": 443,
        },
        shared
        | {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": "gpt-4o-mini",
            "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
            "gen_ai.response.id": f"chatcmpl-{exchange.input_tokens}{exchange.session}",
            "gen_ai.response.finish_reasons": ["stop"],
            "gen_ai.request.temperature": 0.2,
            "gen_ai.request.max_tokens": 512,
            "gen_ai.usage.input_tokens": exchange.input_tokens,
            "gen_ai.usage.output_tokens": exchange.output_tokens,
            "gen_ai.usage.cache_read.input_tokens": exchange.input_tokens // 2,
            "gen_ai.response.time_to_first_chunk": 0.31,
            "gen_ai.input.messages": dumps(messages),
            "gen_ai.output.messages": dumps([answer]),
            "server.address": "api.openai.com",
            "server.port": 443,
        },
    ]


def openinference(exchange: Exchange) -> list[dict[str, Any]]:
    shared = {"session.id": exchange.session, "user.id": exchange.user}
    retrieved: dict[str, Any] = {}
    for place, (one, text, score) in enumerate(exchange.passages):
        start = f"retrieval.documents.{place}.document"
        retrieved |= {f"{start}.id": f"doc-{one}", f"{start}.content": text, f"{start}.score": score}
        retrieved[f"{start}.metadata"] = dumps({"source": f"https://docs.example/{one}.html", "page": one % 40})
    return [
        shared
        | {
            "openinference.span.kind": "CHAIN",
            "input.value": dumps({"question": exchange.question, "language": "en"}),
            "input.mime_type": "application/json",
            "output.value": exchange.answer,
            "output.mime_type": "text/plain",
            "tag.tags": ["chat", "north"],
            "metadata": dumps({"tenant": "north", "channel": "web"}),
        },
        shared | {"openinference.span.kind": "RETRIEVER", "input.value": exchange.question} | retrieved,
        {
            "openinference.span.kind": "EMBEDDING",
            "embedding.model_name": "text-embedding-3-small",
            "embedding.embeddings.0.embedding.text": exchange.question,
            "llm.token_count.prompt": len(exchange.question) // 5,
            "llm.token_count.total": len(exchange.question) // 5,
        },
        shared
        | {
            "openinference.span.kind": "LLM",
            "llm.model_name": "gpt-4o-mini-2024-07-18",
            "llm.provider": "openai",
            "llm.system": "openai",
            "llm.invocation_parameters": '{"model": "gpt-4o-mini", "temperature": 0.2, "max_tokens": 512}',
            "llm.input_messages.0.message.role": "system",
            "llm.input_messages.0.message.content": exchange.prompt,
            "llm.input_messages.1.message.role": "user",
            "llm.input_messages.1.message.content": exchange.question,
            "llm.output_messages.0.message.role": "assistant",
            "llm.output_messages.0.message.content": exchange.answer,
            "llm.token_count.prompt": exchange.input_tokens,
            "llm.token_count.completion": exchange.output_tokens,
            "llm.token_count.total": exchange.input_tokens + exchange.output_tokens,
            "llm.token_count.prompt_details.cache_read": exchange.input_tokens // 2,
        },
    ]


def message(role: str, text: str) -> dict[str, Any]:
    return {"role": role, "parts": [{"type": "text", "content": text}]}


def dumps(value: Any) -> str:
    return orjson.dumps(value).decode()


def any_value(value: Any) -> AnyValue:
    if isinstance(value, list):
        return AnyValue(array_value=ArrayValue(values=[any_value(item) for item in value]))
    return AnyValue(**{{str: "string_value", int: "int_value", float: "double_value"}[type(value)]: value})
