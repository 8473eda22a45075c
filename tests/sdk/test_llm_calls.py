"""The decorator: response time, tokens and errors of functions that call a model (T3)."""

import asyncio
from types import SimpleNamespace as Answer

import pytest

import observatory_client
from observatory_client import read_usage

OPENAI = {
    "model": "gpt-4o-2024-08-06",
    "usage": {
        "prompt_tokens": 8234,
        "completion_tokens": 312,
        "prompt_tokens_details": {"cached_tokens": 1024},
        "completion_tokens_details": {"reasoning_tokens": 64},
    },
}
OPENAI_COUNTS = {"input_tokens": 8234, "output_tokens": 312, "cached_tokens": 1024, "reasoning_tokens": 64}


def as_object(value):
    return Answer(**{name: as_object(item) for name, item in value.items()}) if isinstance(value, dict) else value


@pytest.mark.parametrize("form", [dict, as_object])
@pytest.mark.parametrize(
    ("answer", "counts"),
    [
        (OPENAI, OPENAI_COUNTS),
        (
            {"usage": {"input_tokens": 50, "output_tokens": 9, "output_tokens_details": {"reasoning_tokens": 4}}},
            {"input_tokens": 50, "output_tokens": 9, "reasoning_tokens": 4},
        ),
        (  # Anthropic counts cached tokens beside the others
            {
                "usage": {
                    "input_tokens": 50,
                    "output_tokens": 9,
                    "cache_read_input_tokens": 30,
                    "cache_creation_input_tokens": 5,
                }
            },
            {"input_tokens": 85, "output_tokens": 9, "cached_tokens": 30, "cache_write_tokens": 5},
        ),
        (  # Gemini counts thoughts beside the others
            {"usage_metadata": {"prompt_token_count": 40, "candidates_token_count": 7, "thoughts_token_count": 3}},
            {"input_tokens": 40, "output_tokens": 10, "reasoning_tokens": 3},
        ),
        ({"usageMetadata": {"promptTokenCount": 40, "candidatesTokenCount": 7}}, {"input_tokens": 40, "output_tokens": 7}),
        ({"prompt_eval_count": 26, "eval_count": 298}, {"input_tokens": 26, "output_tokens": 298}),
        ({"usage": None}, {}),
        ({"usage": {"prompt_tokens": True, "completion_tokens": "7"}}, {}),
    ],
)
def test_tokens_are_read_from_what_clients_return(form, answer, counts):
    assert read_usage(form(answer)) == counts


@pytest.fixture
def client(scripted, make_client):
    return make_client(scripted.url)


@pytest.fixture
def sent(scripted, client):
    def spans():
        assert client.flush(10)
        return scripted.records

    return spans


def test_a_call_is_a_span_with_tokens_and_the_exact_model(client, sent):
    @client.track_llm(model="gpt-4o", prompt_type="answer", provider="openai")
    def ask(question):
        return as_object(OPENAI)

    assert ask("How long?").model == "gpt-4o-2024-08-06"
    (span,) = sent()
    assert (span["name"], span["kind"], span["model"], span["provider"]) == ("answer", "llm", "gpt-4o", "openai")
    assert {name: span[name] for name in OPENAI_COUNTS} == OPENAI_COUNTS
    assert span["attributes"] == {"prompt_type": "answer", "model_version": "gpt-4o-2024-08-06"}
    assert "input" not in span
    assert span["duration_ms"] >= 0


def test_errors_are_counted_apart(client, sent):
    @client.track_llm(model="gpt-4o", prompt_type="answer")
    def ask():
        raise ConnectionError("reset")

    with pytest.raises(ConnectionError):
        ask()
    (span,) = sent()
    assert (span["name"], span["attributes"]["prompt_type"], span["status"]) == ("answer_error", "answer_error", "error")
    assert span["error"] == {"type": "ConnectionError", "message": "reset"}


def test_coroutines_are_timed_until_they_end(client, sent):
    @client.track_llm(model="gemini-1.5-pro", prompt_type="chat", tokens=lambda text: (len(text), 2))
    async def ask():
        await asyncio.sleep(0.02)
        return "abc"

    assert asyncio.run(ask()) == "abc"
    (span,) = sent()
    assert (span["input_tokens"], span["output_tokens"]) == (3, 2)
    assert span["duration_ms"] >= 20


def test_streams_are_timed_until_their_first_part_and_their_end(client, sent):
    @client.track_llm(prompt_type="stream")
    def ask():
        yield {"text": "Two"}
        yield OPENAI
        yield {"text": "the end"}

    @client.track_llm(prompt_type="async stream")
    async def ask_later():
        for part in ask.__wrapped__():
            yield part

    async def read():
        return [part async for part in ask_later()]

    assert len(list(ask())) == len(asyncio.run(read())) == 3
    for span in sent():
        assert (span["input_tokens"], span["model"]) == (8234, "gpt-4o-2024-08-06")
        assert 0 <= span["time_to_first_token_ms"] <= span["duration_ms"] + 0.001


def test_a_stream_that_its_reader_leaves_is_no_error(client, sent):
    @client.track_llm(prompt_type="stream")
    def ask():
        yield 1
        yield 2

    parts = ask()
    next(parts)
    parts.close()
    (span,) = sent()
    assert (span["name"], span.get("status")) == ("stream", None)


def test_a_token_function_that_fails_costs_nothing_but_the_tokens(client, sent, caplog):
    @client.track_llm(prompt_type="answer", tokens=lambda answer: answer["nope"])
    def ask():
        return {}

    assert ask() == {}
    assert "input_tokens" not in sent()[0]
    assert "The tokens of answer cannot be read" in caplog.text


def test_arguments_and_answers_are_kept_if_asked(client, sent):
    @client.track_llm(prompt_type="answer", capture=True)
    def ask(question, *, style):
        return "Two years."

    ask("How long?", style="short")
    (span,) = sent()
    assert (span["input"], span["output"]) == ({"args": ["How long?"], "style": "short"}, "Two years.")


def test_within_a_trace_the_call_is_part_of_it(client, sent):
    ask = client.track_llm(prompt_type="answer")(lambda: OPENAI)
    with client.trace("request") as request:
        ask()
    call, root = sent()
    assert (call["trace_id"], call["parent_span_id"]) == (root["trace_id"], request.span_id)


def test_a_function_may_be_decorated_before_the_client_is_configured(scripted):
    @observatory_client.track_llm(prompt_type="answer")
    def ask():
        return OPENAI

    client = observatory_client.configure(scripted.url, "obs_key")
    ask()
    assert observatory_client.flush(10)
    assert [span["name"] for span in scripted.records] == ["answer"]
    client.close()
