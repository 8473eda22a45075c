"""Logfire and Pydantic AI."""

import json

from interactions.models import Kind
from tests.interactions.ingest.otlp.build import parsed, read, span


def test_a_pending_span_is_refused_and_its_neighbour_kept() -> None:
    records, refusals = parsed(span({"logfire.span_type": "pending_span"}), span({"logfire.span_type": "span"}))
    assert len(records) == 1
    assert [(refusal.index, refusal.code) for refusal in refusals] == [(0, "pending_span")]


def test_a_scrubbed_session_is_none_and_the_next_spelling_counts() -> None:
    scrubbed = {"session.id": "[Scrubbed due to 'session']"}
    assert read(scrubbed).texts == {"attributes": scrubbed}
    assert read(scrubbed | {"gen_ai.conversation.id": "c-1"}).texts["session_id"] == "c-1"


def test_an_agent_run_keeps_aggregates_as_attributes() -> None:
    messages = [{"role": "user", "parts": [{"type": "text", "content": "How long?"}]}]
    record = read(
        {
            "model_name": "gpt-4o",
            "agent_name": "helper",
            "gen_ai.usage.input_tokens": 100,
            "gen_ai.aggregated_usage.input_tokens": 100,
            "pydantic_ai.all_messages": json.dumps(messages),
            "final_result": "Two years.",
        }
    )
    assert (record.kind, record.model, record.input_tokens) == (Kind.AGENT, "gpt-4o", None)
    assert record.texts["input"] == [{"role": "user", "content": "How long?"}]
    assert record.texts["output"] == "Two years."
    assert record.texts["attributes"] == {
        "agent_name": "helper",
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.aggregated_usage.input_tokens": 100,
    }


def test_messages_of_older_versions_are_a_list_of_events() -> None:
    events = [
        {"event.name": "gen_ai.user.message", "content": "How long?", "role": "user", "gen_ai.message.index": 0},
        {"event.name": "gen_ai.choice", "index": 0, "message": {"role": "assistant", "content": "Two years."}},
    ]
    texts = read({"gen_ai.operation.name": "chat", "events": json.dumps(events)}).texts
    assert texts == {
        "input": [{"role": "user", "content": "How long?"}],
        "output": [{"role": "assistant", "content": "Two years."}],
    }


def test_logfires_openai_integration_wraps_request_and_response() -> None:
    request = {"messages": [{"role": "user", "content": "How long?"}], "model": "gpt-4o"}
    response = {"message": {"role": "assistant", "content": "Two years."}, "usage": None}
    attributes = {
        "request_data": json.dumps(request),
        "response_data": json.dumps(response),
        "gen_ai.request.model": "gpt-4o",
    }
    record = read(attributes)
    assert record.kind == Kind.LLM
    assert record.texts["input"] == [{"role": "user", "content": "How long?"}]
    assert record.texts["output"] == [{"role": "assistant", "content": "Two years."}]


def test_a_running_tool_is_a_tool() -> None:
    record = read({"gen_ai.tool.name": "find", "tool_arguments": '{"order": 1}', "tool_response": "shipped"})
    assert record.kind == Kind.TOOL
    assert (record.texts["input"], record.texts["output"]) == ({"order": 1}, "shipped")
