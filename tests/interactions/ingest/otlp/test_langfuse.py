"""Langfuse's SDKs, as seen on the wire."""

import json
from decimal import Decimal

import pytest

from interactions.models import Kind
from interactions.models.fields import TOKENS
from tests.interactions.ingest.otlp.build import read

TRACE = {
    "user.id": "user-lf",
    "session.id": "session-lf",
    "langfuse.trace.metadata.plan": '"gold"',
    "langfuse.trace.metadata.level": "3",
    "langfuse.trace.tags": ["alpha"],
    "langfuse.trace.name": "ask",
    "langfuse.environment": "staging",
    "langfuse.release": "1.10",
}
MESSAGES = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "How long?"}]


def generation(**changes: str) -> dict[str, str]:
    return {"langfuse.observation.type": "generation"} | {
        f"langfuse.observation.{name}": text for name, text in changes.items()
    }


def test_the_drop_in_clients_generation_is_read_whole() -> None:
    usage = {
        "completion_tokens": 312,
        "prompt_tokens": 8234,
        "total_tokens": 8546,
        "completion_tokens_details": {"audio_tokens": 0, "reasoning_tokens": 40},
        "prompt_tokens_details": {"audio_tokens": 0, "cached_tokens": 6000},
    }
    attributes = generation(
        input=json.dumps(MESSAGES),
        output='{"role": "assistant", "content": "Two years."}',
        usage_details=json.dumps(usage),
        completion_start_time='"2026-01-01T00:00:00.250000Z"',
    )
    record = read(TRACE | attributes | {"langfuse.observation.model.name": "gpt-4o-mini-2024-07-18"})
    assert (record.kind, record.model) == (Kind.LLM, "gpt-4o-mini-2024-07-18")
    assert (record.input_tokens, record.output_tokens, record.cached_tokens, record.reasoning_tokens) == (
        8234,
        312,
        6000,
        40,
    )
    assert record.time_to_first_token_ms == 250
    assert record.texts == {
        "session_id": "session-lf",
        "user_id": "user-lf",
        "environment": "staging",
        "release": "1.10",
        "tags": ["alpha"],
        "trace_name": "ask",
        "metadata": {"plan": "gold", "level": 3},
        "input": MESSAGES,
        "output": [{"role": "assistant", "content": "Two years."}],
    }


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        # (input, output, cached, written, reasoning)
        ({"input": 3000, "output": 5, "cache_read_input_tokens": 2000}, (5000, 5, 2000, None, None)),
        ({"input": 3000, "output": 5, "cache_read_input_tokens": 2000, "total": 5005}, (5000, 5, 2000, None, None)),
        ({"input": 100, "output": 20, "input_cached_tokens": 40}, (140, 20, 40, None, None)),
        ({"input": 60, "output": 15, "total": 120, "input_cache_read": 40, "output_reasoning": 5}, (100, 20, 40, None, 5)),
        ({"input": 60, "output": 15, "input_cache_creation": 40, "output_reasoning_tokens": 5}, (100, 20, None, 40, 5)),
        ({"input": 7, "cache_creation_input_tokens": 11, "cache_read_input_tokens": 90}, (108, None, 90, 11, None)),
        ({"input": 7, "input_audio_tokens": 3, "input_image": 2, "output": 1, "output_audio": 4}, (12, 5, None, None, None)),
        ({"input": 7, "input_cache_creation_5m": 3, "input_cache_creation_1h": 2}, (12, None, None, 5, None)),
        ({"input": 10, "output": 20, "cached_tokens": 5, "reasoning_tokens": 6}, (15, 26, 5, None, 6)),
        ({"input_cached_tokens": 40, "output": 5}, (40, 5, 40, None, None)),
        ({"input": 60, "output": 15, "input_priority_cache_read": 50, "output_priority": 15}, (60, 15, None, None, None)),
        ({"input": "60", "output": 15, "images": 3, "input_cost": 0.5}, (60, 15, None, None, None)),
        ({"input": 60, "output": 15, "input_" + "x" * 100: 3, "output_cached_tokens": 5}, (60, 20, None, None, None)),
        ({"input": 0, "output": 0, "total": 0}, (0, 0, None, None, None)),
        ({"input": "x", "output": None}, (None, None, None, None, None)),
    ],
)
def test_parts_of_langfuses_usage_are_beside_each_other(usage: dict, expected: tuple) -> None:
    record = read(generation(usage_details=json.dumps(usage)))
    assert tuple(getattr(record, name) for name in TOKENS) == expected


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        # (input, output, cached, written, reasoning): 40 were cached and 5 thought
        (120, (100, 20, 40, None, 5)),
        (125, (100, 25, 40, None, 5)),
        (160, (140, 20, 40, None, 5)),
        (165, (140, 25, 40, None, 5)),
        (999, (140, 25, 40, None, 5)),
    ],
)
@pytest.mark.parametrize(
    "names", [("input_cache_read", "output_reasoning"), ("cached_content_token_count", "thoughts_token_count")]
)
def test_a_total_says_which_parts_are_in_input_and_output(names: tuple, total: int, expected: tuple) -> None:
    usage = {"input": 100, "output": 20, "total": total, names[0]: 40, names[1]: 5}
    record = read(generation(usage_details=json.dumps(usage)))
    assert tuple(getattr(record, name) for name in TOKENS) == expected


def test_where_as_much_was_cached_as_thought_a_total_is_as_google_counts() -> None:
    usage = {"input": 100, "output": 20, "total": 160, "cached_content_token_count": 40, "thoughts_token_count": 40}
    record = read(generation(usage_details=json.dumps(usage)))
    assert tuple(getattr(record, name) for name in TOKENS) == (100, 60, 40, None, 40)


def test_anthropics_own_usage_counts_cached_tokens_apart_and_each_write_once() -> None:
    writes = {"cache_creation_input_tokens": 11, "cache_creation_ephemeral_5m_input_tokens": 11}
    usage = {"input_tokens": 7, "output_tokens": 5, "cache_read_input_tokens": 90, "cache_creation": {"x": 11}} | writes
    record = read(generation(usage_details=json.dumps(usage | {"service_tier": "standard", "server_tool_use": None})))
    assert tuple(getattr(record, name) for name in TOKENS) == (108, 5, 90, 11, None)


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (
            {"prompt_tokens": 100, "completion_tokens": 20, "prompt_tokens_details": {"cached_tokens": 40}},
            (100, 20, 40, None, None),
        ),
        (
            {
                "input_tokens": 100,
                "input_tokens_details": {"cached_tokens": 40},
                "output_tokens": 20,
                "output_tokens_details": {"reasoning_tokens": 5},
                "total_tokens": 120,
            },
            (100, 20, 40, None, 5),
        ),
        (
            {
                "input_tokens": 100,
                "output_tokens": 20,
                "input_token_details": {"cache_read": 40, "cache_creation": 3},
                "output_token_details": {"reasoning": 5},
            },
            (100, 20, 40, 3, 5),
        ),
        ({"prompt_tokens": 100, "completion_tokens": 20, "cost": 0.1}, (100, 20, None, None, None)),
        ({"completion_tokens": 5}, (None, 5, None, None, None)),
        (
            {"prompt_token_count": 100, "candidates_token_count": 20, "thoughts_token_count": 5, "total_token_count": 125},
            (100, 25, None, None, 5),
        ),
    ],
)
def test_details_in_openais_shape_are_parts_of_the_whole(usage: dict, expected: tuple) -> None:
    record = read(generation(usage_details=json.dumps(usage)))
    assert tuple(getattr(record, name) for name in TOKENS) == expected


def test_usage_that_counts_no_tokens_stays_an_attribute() -> None:
    record = read(generation(usage_details='{"images": 3}'))
    assert record.texts["attributes"] == {"langfuse.observation.usage_details": '{"images": 3}'}


def test_the_given_cost_is_the_total_or_the_sum() -> None:
    assert read(generation(cost_details='{"input": 0.001, "output": 0.002, "total": 0.004}')).cost_usd == Decimal("0.004")
    assert read(generation(cost_details='{"input": 0.001, "output": 0.002}')).cost_usd == Decimal("0.003")


def test_a_failed_generation_has_no_cost_and_a_message() -> None:
    attributes = generation(
        cost_details='{"input": 0, "output": 0, "total": 0}', level="ERROR", status_message="no such model"
    )
    record = read(attributes)
    assert record.is_error
    assert record.cost_usd is None
    assert record.texts["error"] == {"message": "no such model"}


def test_a_retrievers_output_is_its_documents() -> None:
    passage = {"page_content": "Two years.", "metadata": {"source": "terms.md", "score": 0.91}}
    attributes = {"langfuse.observation.type": "retriever", "langfuse.observation.input": "How long?"}
    texts = read(attributes | {"langfuse.observation.output": json.dumps([passage])}).texts
    assert texts == {"input": "How long?", "documents": [{"text": "Two years.", "score": 0.91, "source": "terms.md"}]}


@pytest.mark.parametrize("kind", ["agent", "tool", "chain", "embedding", "evaluator", "guardrail"])
def test_the_type_is_the_kind(kind: str) -> None:
    assert read({"langfuse.observation.type": kind}).kind.label == kind


def test_a_plain_span_is_of_no_kind_and_keeps_its_type() -> None:
    record = read({"langfuse.observation.type": "span"})
    assert record.kind == Kind.OTHER
    assert record.texts["attributes"] == {"langfuse.observation.type": "span"}


@pytest.mark.parametrize(
    ("sent", "kept"), [("42", "42"), ('"quoted"', "quoted"), ('{"a": 1}', {"a": 1}), ("[INST] hi", "[INST] hi")]
)
def test_what_was_said_is_unwrapped_only_where_it_is_json(sent: str, kept: object) -> None:
    assert read({"langfuse.observation.type": "chain", "langfuse.observation.input": sent}).texts["input"] == kept


def test_the_prompt_and_the_observations_metadata_are_read() -> None:
    attributes = generation(**{"prompt.name": "support", "prompt.version": "7", "metadata.finish_reason": '"stop"'})
    texts = read(attributes).texts
    assert (texts["prompt_name"], texts["prompt_version"], texts["metadata"]) == ("support", "7", {"finish_reason": "stop"})


def test_version_3_writes_the_traces_input_on_the_root() -> None:
    assert read({"langfuse.observation.type": "span", "langfuse.trace.input": '{"q": 1}'}).texts["input"] == {"q": 1}


def test_what_a_person_set_comes_before_what_an_instrumentor_wrote() -> None:
    record = read(
        generation(input="by hand") | {"gen_ai.input.messages": json.dumps(MESSAGES), "gen_ai.operation.name": "chat"}
    )
    assert record.texts["input"] == "by hand"
