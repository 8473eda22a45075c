"""One interaction out of spans."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from interactions.digest.assemble import assemble, counted_calls, covered_ms
from interactions.digest.facts import SpanFact
from interactions.digest.outcome import INNER
from interactions.digest.span_rows import SpanRow
from interactions.models import Kind, Origin

START = datetime(2026, 1, 1, tzinfo=UTC)
BLANK = SpanRow(
    trace_id="t", span_id="", parent_span_id=None, payload_id=None, kind=Kind.OTHER, is_error=False, is_future_dated=False,
    is_cost_given=False, started_at=START, duration_ms=0.0, time_to_first_token_ms=None, name="", model="", provider="",
    input_tokens=None, output_tokens=None, cached_tokens=None, cache_write_tokens=None, reasoning_tokens=None, cost_usd=None,
)  # fmt: skip


def span(span_id, parent=None, at_ms=0, ms=100.0, texts=None, **fields):
    row = BLANK._replace(
        span_id=span_id, parent_span_id=parent, started_at=START + timedelta(milliseconds=at_ms), duration_ms=ms, **fields
    )
    return SpanFact(row, texts or {})


def test_question_answer_stages_tokens_and_cost_of_a_rag_trace():
    spans = [
        span("a", ms=1000, kind=Kind.CHAIN, texts={"input": "why?", "output": {"answer": "because"}, "session_id": "s"}),
        span("b", "a", 0, 200, kind=Kind.RETRIEVER),
        span("c", "b", 50, 100, kind=Kind.EMBEDDING, input_tokens=7, model="e"),
        span("d", "a", 300, 600, kind=Kind.LLM, model="gpt-4o", input_tokens=100, output_tokens=20),
    ]
    found = assemble(spans, {"c": Decimal("0.1"), "d": Decimal("0.2")})
    assert (found.query, found.answer) == ("why?", "because")
    values = found.values
    assert (values["latency_ms"], values["retrieval_ms"], values["generation_ms"]) == (1000, 200, 600)
    assert (values["input_tokens"], values["output_tokens"]) == (100, 20)
    assert values["cost_usd"] == Decimal("0.3")
    assert (values["session_id"], values["model"], values["span_count"]) == ("s", "gpt-4o", 4)
    assert values["origin"] == Origin.TRACE


def test_a_trace_whose_root_never_came_still_shows():
    spans = [
        span("x", "lost", 10, 50, kind=Kind.LLM, texts={"input": [{"role": "user", "content": "hi"}]}),
        span("y", "lost", 100, 50),
    ]
    found = assemble(spans, {})
    assert found.query == "hi"
    assert found.values["latency_ms"] == 140


def orphans(*, tool_ms=100.0, answer="Two years"):
    """What came of a trace whose root did not: a search, a tool that failed, and the model."""
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "How long is the guarantee?"}]
    return [
        span("r", "lost", 0, 50, kind=Kind.RETRIEVER, name="search", texts={"input": "guarantee", "output": ["terms"]}),
        span("t", "lost", 60, tool_ms, kind=Kind.TOOL, is_error=True, texts={"error": {"type": "ValueError"}}),
        span("m", "lost", 200, 300, kind=Kind.LLM, texts={"input": messages, "output": answer}),
    ]


def test_without_a_root_the_last_to_end_says_how_it_ended_and_the_model_what_was_asked():
    found = assemble(orphans(), {})
    assert (found.query, found.answer, found.is_root_missing) == ("How long is the guarantee?", "Two years", True)
    assert (found.values["is_error"], found.values["error_type"], found.values["name"]) == (False, "", "search")


@pytest.mark.parametrize("spans", [orphans(tool_ms=10_000), orphans(answer=None), orphans()[:2]])
def test_without_a_root_it_failed_if_the_last_to_end_failed_or_nothing_answered(spans):
    found = assemble(spans, {})
    assert (found.answer, found.values["is_error"], found.values["error_type"]) == ("", True, "ValueError")


@pytest.mark.parametrize("kind", [Kind.EVALUATOR, Kind.GUARDRAIL])
def test_without_a_root_a_judge_that_fails_after_the_answer_has_not_undone_it(kind):
    judge = span("z", "lost", 600, kind=kind, is_error=True, texts={"error": {"message": "judge down"}})
    found = assemble([*orphans(), judge], {})
    assert (found.answer, found.values["is_error"], found.error) == ("Two years", False, {})
    found = assemble([*orphans()[:1], judge], {})
    assert (found.values["is_error"], found.error) == (True, {"message": "judge down"})
    found = assemble([span("y", "lost", kind=kind), judge], {})
    assert (found.values["is_error"], found.error) == (True, {"message": "judge down"})


def test_without_a_root_what_a_model_made_for_a_search_that_failed_is_no_answer():
    rewrite = span("m", "lost", 0, 50, kind=Kind.LLM, texts={"input": "why?", "output": "reasons for it"})
    search = span("r", "lost", 60, kind=Kind.RETRIEVER, is_error=True, texts={"error": {"message": "index away"}})
    found = assemble([rewrite, search], {})
    assert (found.answer, found.values["is_error"], found.error) == ("", True, {"message": "index away"})


def test_without_a_root_nothing_that_answered_is_no_failure():
    found = assemble(orphans()[:1], {})
    assert (found.query, found.answer, found.values["is_error"]) == ("guarantee", "", False)


def test_the_only_span_without_a_known_parent_speaks_as_a_root_does():
    failed = span("t", "a", 10, 20, kind=Kind.TOOL, is_error=True, texts={"error": {"type": "ValueError"}})
    call = span("m", "a", 40, 10, kind=Kind.LLM, texts={"input": "Context: ... Question: why?", "output": "so"})
    top = span("a", "elsewhere", ms=100, kind=Kind.CHAIN, texts={"input": "why?", "output": "because"})
    found = assemble([top, failed, call], {})
    assert (found.query, found.answer, found.values["is_error"]) == ("why?", "because", False)
    found = assemble(
        [span("a", "elsewhere", kind=Kind.CHAIN, is_error=True, texts={"error": {"type": "Timeout"}}), call], {}
    )
    assert (found.answer, found.values["error_type"]) == ("", "Timeout")


@pytest.mark.parametrize("kind", sorted(INNER))
def test_a_lone_span_that_answers_nobody_has_no_answer_unless_it_is_the_root(kind):
    answers = [assemble([span("a", parent, kind=kind, texts={"output": "out"})], {}).answer for parent in ("lost", None)]
    assert answers == ["", "out"]


def test_a_root_that_came_is_not_missing():
    assert not assemble([span("a"), span("b", "a")], {}).is_root_missing


def failure(span_id, parent=None, at_ms=0, **error):
    return span(span_id, parent, at_ms, is_error=True, texts={"error": error} if error else {})


@pytest.mark.parametrize(
    ("root", "below", "error"),
    [
        # The span with the same message names the type, whatever else failed.
        (
            {"message": "rate limited"},
            [
                ("b", "a", {"type": "RateLimitError", "message": "rate limited"}),
                ("c", "b", {"type": "Deep", "message": "x"}),
            ],
            {"type": "RateLimitError", "message": "rate limited"},
        ),
        # Of those the deepest, and of these the earliest.
        (
            {"message": "failed"},
            [
                ("b", "a", {"type": "Outer", "message": "failed"}),
                ("c", "b", {"type": "Early", "message": "failed"}),
                ("d", "b", {"type": "Late", "message": "failed"}),
                ("e", "d", {"message": "failed"}),
            ],
            {"type": "Early", "message": "failed"},
        ),
        # Another error, which was handled perhaps, lends nothing; nor does one of which nobody knows whether it is another.
        ({"type": "HTTPException"}, [("b", "a", {"type": "CacheMiss", "message": "no key"})], {"type": "HTTPException"}),
        ({"message": "boom"}, [("b", "a", {"type": "CacheMiss", "message": "no key"})], {"message": "boom"}),
        ({"message": "boom"}, [("b", "a", {"type": "CacheMiss"})], {"message": "boom"}),
        ({"type": "Timeout"}, [("b", "a", {"type": "Timeout", "message": "60 s"})], {"type": "Timeout", "message": "60 s"}),
        ({"type": "Own", "message": "own"}, [("b", "a", {"type": "Other"})], {"type": "Own", "message": "own"}),
        ({"message": "error"}, [("b", "a", {"type": "Timeout", "message": "60 s"})], {"type": "Timeout", "message": "60 s"}),
        ({}, [("b", "a", {"type": "Quiet"}), ("c", "a", {"message": "loud"})], {"message": "loud"}),
        ({"message": "error"}, [("b", "a", {})], {}),
    ],
)
def test_what_the_root_does_not_say_of_its_error_is_said_below(root, below, error):
    spans = [failure("a", **root), *(failure(name, parent, n, **more) for n, (name, parent, more) in enumerate(below))]
    found = assemble(spans, {})
    assert found.error == error
    assert found.values["error_type"] == error.get("type", "")


def test_a_wrapper_repeats_the_tokens_of_the_call_inside():
    spans = [
        span("outer", kind=Kind.LLM, input_tokens=10, output_tokens=5),
        span("middle", "outer"),
        span("inner", "middle", kind=Kind.LLM, input_tokens=10, output_tokens=5),
    ]
    assert [call.row.span_id for call in counted_calls(spans)] == ["inner"]
    assert assemble(spans, {}).values["input_tokens"] == 10


def test_spans_that_are_each_others_parents_do_not_hang():
    spans = [span("a", "b", kind=Kind.LLM, input_tokens=1), span("b", "a", kind=Kind.LLM, input_tokens=2)]
    assert assemble(spans, {}).values["span_count"] == 2


def test_an_error_that_was_retried_is_no_error_of_the_interaction():
    failed = span("b", "a", is_error=True, texts={"error": {"type": "Timeout"}})
    assert not assemble([span("a"), failed], {}).values["is_error"]
    root = span("a", is_error=True)
    values = assemble([root, failed], {}).values
    assert (values["is_error"], values["error_type"]) == (True, "Timeout")


def test_parallel_calls_count_once():
    assert covered_ms([span("a", at_ms=0, ms=100), span("b", at_ms=50, ms=100), span("c", at_ms=500, ms=10)]) == 160
    assert covered_ms([]) is None


@pytest.mark.parametrize("texts", [{}, {"session_id": "[Scrubbed due to 'session']"}])
def test_a_scrubbed_session_is_none(texts):
    assert assemble([span("a", texts=texts)], {}).values["session_id"] == ""


def test_a_trace_without_any_ai_step_is_plain():
    assert assemble([span("a", name="GET /")], {}).values["origin"] == Origin.PLAIN


def test_a_call_that_failed_answered_nothing():
    good = span("b", "a", 0, kind=Kind.LLM, model="good", texts={"output": "yes"})
    bad = span("c", "a", 50, kind=Kind.LLM, model="bad", is_error=True, texts={"output": "404"})
    found = assemble([span("a", ms=200), good, bad], {})
    assert (found.answer, found.values["model"]) == ("yes", "good")


def test_a_trace_of_two_models_is_booked_to_the_one_that_answered():
    route = span("b", "a", 0, kind=Kind.LLM, model="small", input_tokens=10, output_tokens=1)
    answer = span("c", "a", 50, kind=Kind.LLM, model="large", input_tokens=100, output_tokens=20)
    values = assemble([span("a", ms=200), route, answer], {"b": Decimal("0.1"), "c": Decimal("0.2")}).values
    assert (values["model"], values["input_tokens"], values["cost_usd"]) == ("large", 110, Decimal("0.3"))


def test_a_sum_that_misses_a_price_is_no_sum():
    calls = [span("a", kind=Kind.LLM, input_tokens=1), span("b", kind=Kind.EMBEDDING, input_tokens=1)]
    assert assemble(calls, {"b": Decimal("0.1")}).values["cost_usd"] is None
    assert assemble(calls, {"a": Decimal("0.2"), "b": Decimal("0.1")}).values["cost_usd"] == Decimal("0.3")


def test_what_was_said_on_the_way_to_a_failure_is_no_answer():
    route = span("b", "a", kind=Kind.LLM, texts={"output": '{"next": "search"}'})
    assert assemble([span("a", is_error=True), route], {}).answer == ""
    assert assemble([span("a"), route], {}).answer == '{"next": "search"}'


def test_what_a_call_runs_in_tools_and_embeddings_does_not_make_it_a_wrapper():
    spans = [
        span("a", kind=Kind.LLM, input_tokens=1000, output_tokens=500),
        span("e", "a", kind=Kind.EMBEDDING, input_tokens=5),
        span("t", "a", kind=Kind.TOOL),
        span("b", "t", kind=Kind.LLM, input_tokens=10, output_tokens=5),
    ]
    assert [call.row.span_id for call in counted_calls(spans)] == ["a", "e", "b"]


def test_a_hundred_thousand_nested_calls_are_assembled_in_one_pass():
    deep = [span(str(n), str(n - 1) if n else None, kind=Kind.LLM, input_tokens=1) for n in range(100_000)]
    assert [call.row.span_id for call in counted_calls(deep)] == ["99999"]
    cycle = [span(str(n), str((n + 1) % 100_000), kind=Kind.OTHER, is_error=n < 2) for n in range(100_000)]
    assert assemble(cycle, {}).values["span_count"] == 100_000
