"""OpenInference: Phoenix, Arize, and whatever their instrumentors watch."""

from decimal import Decimal

import pytest

from interactions.models import Kind
from tests.interactions.ingest.otlp.build import read

LLM = {
    "openinference.span.kind": "LLM",
    "llm.system": "openai",
    "llm.model_name": "gpt-4o-mini-2024-07-18",
    "llm.invocation_parameters": '{"model": "gpt-4o-mini", "temperature": 0.2}',
    "llm.input_messages.0.message.role": "system",
    "llm.input_messages.0.message.content": "Be brief.",
    "llm.input_messages.1.message.role": "user",
    "llm.input_messages.1.message.contents.0.message_content.type": "text",
    "llm.input_messages.1.message.contents.0.message_content.text": "What is this?",
    "llm.input_messages.1.message.contents.1.message_content.type": "image",
    "llm.input_messages.1.message.contents.1.message_content.image.image.url": "https://example.org/a.png",
    "llm.output_messages.0.message.role": "assistant",
    "llm.output_messages.0.message.tool_calls.0.tool_call.id": "c1",
    "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "look",
    "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments": '{"at": "a.png"}',
    "input.value": '{"messages": []}',
    "input.mime_type": "application/json",
    "llm.token_count.prompt": 8234,
    "llm.token_count.completion": 312,
    "llm.token_count.prompt_details.cache_read": 6000,
    "llm.token_count.completion_details.reasoning": 40,
    "llm.cost.total": 0.002,
    "session.id": "session-1",
    "user.id": "user-1",
    "metadata": '{"plan": "gold"}',
    "tag.tags": ["alpha", "beta"],
    "llm.prompt_template.version": "v3",
}


def test_a_model_call_is_read_whole() -> None:
    record = read(LLM)
    assert (record.kind, record.model, record.provider) == (Kind.LLM, "gpt-4o-mini-2024-07-18", "openai")
    assert (record.input_tokens, record.output_tokens, record.cached_tokens, record.reasoning_tokens) == (
        8234,
        312,
        6000,
        40,
    )
    assert record.cost_usd == Decimal("0.002")
    image = {"type": "image", "image": {"image": {"url": "https://example.org/a.png"}}}
    assert record.texts == {
        "session_id": "session-1",
        "user_id": "user-1",
        "tags": ["alpha", "beta"],
        "metadata": {"plan": "gold"},
        "prompt_version": "v3",
        "input": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "What is this?", "attachments": [image]},
        ],
        "output": [
            {
                "role": "assistant",
                "content": "",
                "tool_calls": [{"id": "c1", "name": "look", "arguments": '{"at": "a.png"}'}],
            }
        ],
        "attributes": {"llm.invocation_parameters": '{"model": "gpt-4o-mini", "temperature": 0.2}'},
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("CHAIN", Kind.CHAIN),
        ("GUARDRAIL", Kind.GUARDRAIL),
        ("EVALUATOR", Kind.EVALUATOR),
        ("PROMPT", Kind.PROMPT),
        ("AGENT", Kind.AGENT),
        ("TOOL", Kind.TOOL),
        ("RERANKER", Kind.RERANKER),
        ("UNKNOWN", Kind.OTHER),
        ("llm", Kind.LLM),
    ],
)
def test_the_kind_is_told(name: str, kind: Kind) -> None:
    assert read({"openinference.span.kind": name}).kind == kind


def test_documents_keep_their_order_and_take_score_and_source_from_metadata() -> None:
    documents = {
        "retrieval.documents.10.document.content": "last",
        "retrieval.documents.0.document.id": "d0",
        "retrieval.documents.0.document.content": "first",
        "retrieval.documents.0.document.metadata": '{"relevance_score": 0.7, "source": "a.md", "page": 3}',
        "retrieval.documents.2.document.content": "middle",
        "retrieval.documents.2.document.score": 0.5,
    }
    output = '{"documents": [{"page_content": "first"}]}'
    texts = read({"openinference.span.kind": "RETRIEVER", "input.value": "q", "output.value": output} | documents).texts
    assert texts == {
        "input": "q",
        "documents": [
            {"id": "d0", "text": "first", "score": 0.7, "source": "a.md", "metadata": {"page": 3}},
            {"text": "middle", "score": 0.5},
            {"text": "last"},
        ],
    }


def test_a_reranker_gives_what_it_put_first() -> None:
    record = read(
        {
            "openinference.span.kind": "RERANKER",
            "reranker.query": "q",
            "reranker.model_name": "rerank-3",
            "reranker.input_documents.0.document.content": "before",
            "reranker.output_documents.0.document.content": "after",
        }
    )
    assert record.model == "rerank-3"
    assert (record.texts["input"], record.texts["documents"]) == ("q", [{"text": "after"}])


def test_vectors_are_dropped_and_texts_kept() -> None:
    record = read(
        {
            "openinference.span.kind": "EMBEDDING",
            "embedding.model_name": "text-embedding-3-small",
            "embedding.embeddings.0.embedding.text": "How long?",
            "embedding.embeddings.0.embedding.vector": [0.5] * 256,
            "output.value": '{"data": [{"embedding": ' + str([0.5] * 256) + "}]}",
            "llm.token_count.prompt": 9,
        }
    )
    assert (record.kind, record.model, record.input_tokens) == (Kind.EMBEDDING, "text-embedding-3-small", 9)
    assert record.texts == {"input": "How long?"}


def test_a_failed_call_takes_its_model_from_its_parameters() -> None:
    parameters = {"openinference.span.kind": "LLM", "llm.invocation_parameters": '{"model": "gpt-5"}'}
    assert read(parameters).model == "gpt-5"


def test_the_first_token_is_an_event() -> None:
    record = read({"openinference.span.kind": "LLM"}, events=[("First Token Stream Event", 40_000_000, {})])
    assert record.time_to_first_token_ms == 40
    assert "events" not in record.texts


def test_plain_text_that_looks_like_json_stays_text() -> None:
    attributes = {
        "openinference.span.kind": "CHAIN",
        "input.value": "[1]",
        "input.mime_type": "text/plain",
        "output.value": "[1]",
    }
    texts = read(attributes).texts
    assert (texts["input"], texts["output"]) == ("[1]", [1])


def test_a_traceback_in_the_status_is_cut_off() -> None:
    message = "ValueError('no order')Traceback (most recent call last):\n\n  File ..."
    record = read({"openinference.span.kind": "CHAIN"}, status={"code": 2, "message": message})
    assert record.is_error
    assert record.texts["error"] == {"message": "ValueError('no order')"}


def test_an_exception_gives_type_and_message() -> None:
    exception = {
        "exception.type": "openai.NotFoundError",
        "exception.message": "no such model",
        "exception.stacktrace": "...",
    }
    record = read({}, status={"code": 2, "message": "NotFoundError: no"}, events=[("exception", 1_000_000, exception)])
    assert record.texts["error"] == {"type": "openai.NotFoundError", "message": "no such model"}
    assert record.texts["events"] == [{"name": "exception", "at_us": 1_767_225_600_001_000, "attributes": exception}]


def test_a_conversation_named_in_the_metadata_is_the_session() -> None:
    assert read({"metadata": '{"thread_id": "t-1"}'}).texts["session_id"] == "t-1"
