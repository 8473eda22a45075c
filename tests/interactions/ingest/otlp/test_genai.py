"""OpenTelemetry's GenAI conventions, old and new."""

import json
from decimal import Decimal

import pytest

from interactions.models import Kind
from tests.interactions.ingest.otlp.build import read

QUESTION = {"role": "user", "parts": [{"type": "text", "content": "How long?"}]}
CHAT = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o-mini",
    "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.usage.input_tokens": 8234,
    "gen_ai.usage.output_tokens": 312,
    "gen_ai.usage.cache_read.input_tokens": 6000,
    "gen_ai.usage.cache_write.input_tokens": 100,
    "gen_ai.usage.reasoning.output_tokens": 40,
    "gen_ai.response.time_to_first_chunk": 0.25,
    "gen_ai.input.messages": json.dumps([QUESTION]),
    "gen_ai.output.messages": json.dumps([{"role": "assistant", "parts": [{"type": "text", "content": "Two years."}]}]),
    "gen_ai.conversation.id": "session-1",
    "gen_ai.prompt.name": "support",
    "gen_ai.prompt.version": "7",
}


def test_a_chat_is_read_whole() -> None:
    record = read(CHAT)
    assert (record.kind, record.model, record.provider) == (Kind.LLM, "gpt-4o-mini-2024-07-18", "openai")
    assert (record.input_tokens, record.output_tokens) == (8234, 312)
    assert (record.cached_tokens, record.cache_write_tokens, record.reasoning_tokens) == (6000, 100, 40)
    assert record.time_to_first_token_ms == 250
    assert record.texts == {
        "session_id": "session-1",
        "prompt_name": "support",
        "prompt_version": "7",
        "input": [{"role": "user", "content": "How long?"}],
        "output": [{"role": "assistant", "content": "Two years."}],
        "attributes": {"gen_ai.request.model": "gpt-4o-mini", "gen_ai.response.finish_reasons": ["stop"]},
    }


def test_the_names_of_older_versions_say_the_same() -> None:
    record = read(
        {
            "gen_ai.operation.name": "chat",
            "gen_ai.system": "az.ai.openai",
            "gen_ai.usage.prompt_tokens": 10,
            "gen_ai.usage.completion_tokens": 5,
            "gen_ai.usage.cache_read_input_tokens": 4,
            "gen_ai.usage.cache_creation.input_tokens": 3,
            "gen_ai.usage.details.reasoning_tokens": 2,
            "gen_ai.prompt": "How long?",
            "gen_ai.completion": "Two years.",
        }
    )
    assert record.provider == "azure.ai.openai"
    assert (record.input_tokens, record.output_tokens, record.reasoning_tokens) == (10, 5, 2)
    assert (record.cached_tokens, record.cache_write_tokens) == (4, 3)
    assert record.texts == {"input": "How long?", "output": "Two years."}


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        ("text_completion", Kind.LLM),
        ("generate_content", Kind.LLM),
        ("embeddings", Kind.EMBEDDING),
        ("retrieval", Kind.RETRIEVER),
        ("execute_tool", Kind.TOOL),
        ("create_agent", Kind.AGENT),
        ("invoke_agent", Kind.AGENT),
        ("invoke_workflow", Kind.CHAIN),
        ("something_of_their_own", Kind.OTHER),
    ],
)
def test_the_operation_gives_the_kind(operation: str, kind: Kind) -> None:
    assert read({"gen_ai.operation.name": operation}).kind == kind


def test_structured_messages_parts_and_tool_calls_have_one_form() -> None:
    call = {"type": "tool_call", "id": "c1", "name": "find", "arguments": {"order": "A-17"}}
    answer = {"type": "tool_call_response", "id": "c1", "response": "shipped"}
    record = read(
        {
            "gen_ai.operation.name": "chat",
            "gen_ai.system_instructions": [{"type": "text", "content": "Be brief."}],
            "gen_ai.input.messages": [QUESTION, {"role": "assistant", "parts": [call]}, {"role": "tool", "parts": [answer]}],
            "gen_ai.output.messages": [
                {
                    "role": "assistant",
                    "parts": [{"type": "reasoning", "content": "hm"}, {"type": "text", "content": "Shipped."}],
                    "finish_reason": "stop",
                }
            ],
        }
    )
    assert record.texts["input"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "How long?"},
        {"role": "assistant", "content": "", "tool_calls": [{"id": "c1", "name": "find", "arguments": {"order": "A-17"}}]},
        {"role": "tool", "content": "shipped", "tool_call_id": "c1"},
    ]
    assert record.texts["output"] == [
        {"role": "assistant", "content": "Shipped.", "reasoning": "hm", "finish_reason": "stop"}
    ]


def test_an_output_that_is_no_json_stays_text() -> None:
    assert read({"gen_ai.output.messages": "Two years."}).texts["output"] == "Two years."


def test_retrieved_documents_are_read_under_any_key_for_their_text() -> None:
    documents = [
        {"id": "d1", "score": 0.9, "page_content": "A", "metadata": {"source": "a.md"}},
        {"id": "d2", "content": "B"},
    ]
    attributes = {"gen_ai.operation.name": "retrieval", "gen_ai.retrieval.query.text": "How long?"}
    for value in (documents, json.dumps(documents)):
        texts = read(attributes | {"gen_ai.retrieval.documents": value}).texts
        assert texts["input"] == "How long?"
        assert texts["documents"] == [
            {"id": "d1", "text": "A", "score": 0.9, "source": "a.md"},
            {"id": "d2", "text": "B"},
        ]


def test_a_tool_call_has_arguments_and_result() -> None:
    record = read(
        {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": "find",
            "gen_ai.tool.call.arguments": '{"order": "A-17"}',
            "gen_ai.tool.call.result": "shipped",
        }
    )
    assert record.texts["input"] == {"order": "A-17"}
    assert record.texts["output"] == "shipped"
    assert record.texts["attributes"] == {"gen_ai.tool.name": "find"}


def test_tokens_of_an_agent_are_sums_and_stay_attributes() -> None:
    record = read({"gen_ai.operation.name": "invoke_agent", "gen_ai.usage.input_tokens": 10, "gen_ai.usage.cost": 0.5})
    assert (record.kind, record.input_tokens, record.cost_usd) == (Kind.AGENT, None, None)
    assert record.texts["attributes"] == {"gen_ai.usage.input_tokens": 10, "gen_ai.usage.cost": 0.5}


def test_an_agents_name_does_not_make_an_agent() -> None:
    assert read({"gen_ai.agent.name": "helper", "gen_ai.request.model": "m"}).kind == Kind.LLM
    assert read({"gen_ai.agent.name": "helper"}).kind == Kind.OTHER


def test_input_that_excludes_its_cached_tokens_is_raised() -> None:
    record = read({"gen_ai.usage.input_tokens": 10, "gen_ai.usage.cache_read.input_tokens": 90})
    assert record.input_tokens == 100


def test_message_events_on_the_span_become_input_and_output() -> None:
    events = [
        ("gen_ai.system.message", 0, {"content": "Be brief."}),
        ("gen_ai.user.message", 0, {"gen_ai.event.content": '{"content": "How long?"}'}),
        ("gen_ai.choice", 1, {"index": 0, "finish_reason": "stop", "message": '{"content": "Two years."}'}),
    ]
    texts = read({"gen_ai.operation.name": "chat"}, events=events).texts
    assert texts["input"] == [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "How long?"}]
    assert texts["output"] == [{"role": "assistant", "content": "Two years."}]
    assert "events" not in texts


def test_a_details_event_speaks_for_its_span() -> None:
    details = {"gen_ai.input.messages": [QUESTION], "gen_ai.usage.input_tokens": 3}
    record = read({"gen_ai.operation.name": "chat"}, events=[("gen_ai.client.inference.operation.details", 5, details)])
    assert record.texts["input"] == [{"role": "user", "content": "How long?"}]
    assert record.input_tokens == 3


def test_a_given_cost_is_exact() -> None:
    assert read({"gen_ai.operation.name": "chat", "gen_ai.usage.cost": 0.00114625}).cost_usd == Decimal("0.00114625")


def test_numbers_that_cannot_be_token_counts_stay_attributes() -> None:
    odd = {"gen_ai.usage.input_tokens": -1, "gen_ai.usage.output_tokens": "many", "gen_ai.usage.reasoning_tokens": 2**40}
    record = read({"gen_ai.operation.name": "chat"} | odd)
    assert (record.input_tokens, record.output_tokens, record.reasoning_tokens) == (None, None, None)
    assert record.texts["attributes"] == odd


def test_counts_written_as_text_or_float_are_counts() -> None:
    record = read({"gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": "12", "gen_ai.usage.output_tokens": 3.0})
    assert (record.input_tokens, record.output_tokens) == (12, 3)


def test_the_resource_gives_environment_and_release() -> None:
    record = read(
        {}, resource={"deployment.environment": "staging", "service.version": "1.4.0", "service.name": "shop"}, scope="s"
    )
    assert (record.texts["environment"], record.texts["release"]) == ("staging", "1.4.0")
    assert record.texts["resource"]["service.name"] == "shop"
    assert record.texts["scope"] == "s"
