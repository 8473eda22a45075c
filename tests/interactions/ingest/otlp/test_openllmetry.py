"""OpenLLMetry (Traceloop), old flattened prompts and new messages."""

import json

import pytest

from interactions.models import Kind
from tests.interactions.ingest.otlp.build import read


def test_flattened_prompts_and_completions_become_messages() -> None:
    record = read(
        {
            "llm.request.type": "chat",
            "gen_ai.system": "OpenAI",
            "gen_ai.prompt.0.role": "user",
            "gen_ai.prompt.0.content": "How long?",
            "gen_ai.completion.0.role": "assistant",
            "gen_ai.completion.0.content": "",
            "gen_ai.completion.0.finish_reason": "tool_calls",
            "gen_ai.completion.0.tool_calls.0.id": "c1",
            "gen_ai.completion.0.tool_calls.0.name": "find",
            "gen_ai.completion.0.tool_calls.0.arguments": "{}",
            "gen_ai.usage.prompt_tokens": 10,
            "gen_ai.prompt.name": "support",
        }
    )
    assert (record.kind, record.provider, record.input_tokens) == (Kind.LLM, "openai", 10)
    assert record.texts["input"] == [{"role": "user", "content": "How long?"}]
    assert record.texts["output"] == [
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [{"id": "c1", "name": "find", "arguments": "{}"}],
            "finish_reason": "tool_calls",
        }
    ]
    assert record.texts["prompt_name"] == "support"


@pytest.mark.parametrize(
    ("name", "kind"), [("workflow", Kind.CHAIN), ("task", Kind.CHAIN), ("agent", Kind.AGENT), ("tool", Kind.TOOL)]
)
def test_entities_have_kinds(name: str, kind: Kind) -> None:
    assert read({"traceloop.span.kind": name}).kind == kind


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"args": ["How long?"], "kwargs": {}}, "How long?"),
        ({"args": ["a", "b"], "kwargs": {}}, ["a", "b"]),
        ({"args": [], "kwargs": {"q": "How long?"}}, {"q": "How long?"}),
        ({"args": [1], "kwargs": {"q": 2}}, {"args": [1], "kwargs": {"q": 2}}),
        ({"inputs": {"q": 1}}, {"inputs": {"q": 1}}),
    ],
)
def test_the_arguments_of_a_decorated_function_are_its_input(sent: dict, kept: object) -> None:
    attributes = {"traceloop.span.kind": "workflow", "traceloop.entity.input": json.dumps(sent)}
    texts = read(attributes | {"traceloop.entity.output": '"Two years."', "traceloop.workflow.name": "ask"}).texts
    assert texts == {"trace_name": "ask", "input": kept, "output": "Two years."}


def test_association_properties_are_session_user_and_metadata() -> None:
    names = {"session_id": "s", "user_id": "u", "plan": "gold"}
    texts = read({f"traceloop.association.properties.{name}": value for name, value in names.items()}).texts
    assert texts == {"session_id": "s", "user_id": "u", "metadata": {"plan": "gold"}}


def test_the_first_chunk_is_the_first_token_and_no_chunk_is_kept() -> None:
    chunks = [("gen_ai.content.completion.chunk", number * 10_000_000, {}) for number in (3, 2, 4)]
    record = read({"llm.request.type": "chat"}, events=chunks)
    assert record.time_to_first_token_ms == 20
    assert record.texts == {}


def test_results_of_a_vector_store_are_documents() -> None:
    result = {"db.query.result.id": "d1", "db.query.result.score": 0.8, "db.query.result.document": "Two years."}
    events = [("db.query.embeddings", 0, {"db.query.embeddings.vector": "[0.1]"}), ("db.query.result", 1, result)]
    record = read({"db.system": "chroma"}, events=events)
    assert record.kind == Kind.RETRIEVER
    assert record.texts["documents"] == [{"id": "d1", "text": "Two years.", "score": 0.8}]
    assert "events" not in record.texts
