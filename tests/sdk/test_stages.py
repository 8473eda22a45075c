"""Stages become the spans of one trace, with the right parents."""

import asyncio
import concurrent.futures

import pytest

from observatory_client import current_stage

pytestmark = pytest.mark.django_db(transaction=True)


def by_name(trace):
    return {span["name"]: span for span in trace["spans"]}


def test_nested_stages_become_a_trace(client, read_trace):
    with client.trace("answer", session_id="chat-81", user_id="user-7", input="How long?") as request:
        with client.trace_stage(request.trace_id, "retrieval", {"collection": "terms"}) as retrieval:
            with client.stage("embed", model="embedding-001") as embedding:
                embedding.tokens(12)
            retrieval.set(documents=[{"id": "terms-4", "text": "Two years.", "score": 0.91}])
        with client.trace_stage(request.trace_id, "llm_call", {"model": "gemini-1.5-pro", "temperature": 0.2}) as call:
            call.tokens(8234, 312, cached=1024).set(output="Two years.")
            call.metadata["attempt"] = 1
        request.event("vector.search", {"results": 5})
        request.set(output="Two years.").decide("answered", model_version="gemini-1.5-pro-002")
    assert client.flush(10)
    trace = read_trace(request.trace_id)
    spans = by_name(trace)
    root = spans["answer"]["span_id"]
    parents = {name: span["parent_span_id"] for name, span in spans.items()}
    assert parents == {"answer": None, "retrieval": root, "embed": spans["retrieval"]["span_id"], "llm_call": root}
    assert {name: span["kind"] for name, span in spans.items()} == {
        "answer": "chain", "retrieval": "retriever", "embed": "embedding", "llm_call": "llm",
    }  # fmt: skip
    assert spans["retrieval"]["attributes"] == {"collection": "terms"}
    assert spans["retrieval"]["documents"][0]["id"] == "terms-4"
    called = spans["llm_call"]
    assert (called["input_tokens"], called["output_tokens"], called["cached_tokens"]) == (8234, 312, 1024)
    assert (called["model"], called["attributes"], called["metadata"]) == (
        "gemini-1.5-pro", {"temperature": 0.2}, {"attempt": 1},
    )  # fmt: skip
    assert (trace["session_id"], trace["user_id"], trace["environment"]) == ("chat-81", "user-7", "production")
    assert [event["type"] for event in trace["events"]] == ["vector.search"]
    assert spans["answer"]["attributes"]["final_decision"] == "answered"
    assert 0 <= spans["embed"]["duration_ms"] <= spans["retrieval"]["duration_ms"] <= spans["answer"]["duration_ms"]


def test_an_interaction_within_a_trace_takes_what_the_trace_knows(client, read_trace):
    with client.trace("answer", session_id="chat-81", user_id="user-7") as request:
        with client.stage("retrieval"), client.stage("embedding"):
            pass
        with client.stage("llm_call"):
            pass
        request.decide("answered", model_version="gemini-1.5-pro-002")
        made = client.interaction("How long?", "Two years.")
    assert client.flush(10)
    trace = read_trace(request.trace_id)
    (interaction,) = trace["interactions"]
    assert (interaction["interaction_id"], interaction["session_id"], interaction["user_id"]) == (made, "chat-81", "user-7")
    assert (trace["final_decision"], trace["model_version"]) == ("answered", "gemini-1.5-pro-002")
    spans = by_name(trace)
    # The embedding lies within the retrieval: its time counts once.
    assert interaction["retrieval_ms"] == pytest.approx(spans["retrieval"]["duration_ms"], abs=0.01)
    assert interaction["generation_ms"] == pytest.approx(spans["llm_call"]["duration_ms"], abs=0.01)
    assert interaction["latency_ms"] >= interaction["retrieval_ms"] + interaction["generation_ms"]


def test_an_error_is_marked_and_goes_on(client, read_trace):
    with pytest.raises(TimeoutError, match="30 s"), client.trace("answer") as request, client.stage("llm_call"):
        raise TimeoutError("no answer in 30 s")
    assert client.flush(10)
    for span in read_trace(request.trace_id)["spans"]:
        assert (span["status"], span["error"]) == ("error", {"type": "TimeoutError", "message": "no answer in 30 s"})
    assert current_stage() is None


def test_stages_of_tasks_and_threads_do_not_mix(client, read_trace):
    async def one(name):
        with client.stage(name):
            await asyncio.sleep(0)
            with client.stage(f"{name}.inner"):
                await asyncio.sleep(0)

    async def both():
        with client.trace("both") as request:
            await asyncio.gather(one("a"), one("b"))
        return request

    request = asyncio.run(both())

    def elsewhere():
        with client.trace_stage(request.trace_id, "elsewhere", parent=request.span_id):
            pass

    with concurrent.futures.ThreadPoolExecutor() as pool:
        pool.submit(elsewhere).result()
    assert client.flush(10)
    spans = by_name(read_trace(request.trace_id))
    assert {name: span["parent_span_id"] for name, span in spans.items()} == {
        "both": None,
        "a": request.span_id,
        "b": request.span_id,
        "a.inner": spans["a"]["span_id"],
        "b.inner": spans["b"]["span_id"],
        "elsewhere": request.span_id,
    }


def test_a_trace_id_of_the_application_is_kept(client, read_trace):
    with client.trace_stage("order-2026-31", "llm_call"):
        pass
    assert client.flush(10)
    assert [span["name"] for span in read_trace("order-2026-31")["spans"]] == ["llm_call"]


def test_a_stage_that_ends_in_another_context_leaves_nothing_behind(scripted, make_client):
    client = make_client(scripted.url)

    async def stream():
        with client.stage("stream"):
            yield 1
            yield 2

    async def read():
        parts = stream()
        await asyncio.create_task(parts.__anext__())
        await asyncio.create_task(parts.__anext__())
        await asyncio.create_task(parts.aclose())
        return current_stage()

    assert asyncio.run(read()) is None
    assert client.flush(10)
    assert [(record["name"], record.get("status")) for record in scripted.records] == [("stream", None)]


@pytest.mark.parametrize("data", [[1, 2], "text", 7])
def test_odd_data_does_not_break_the_stage(scripted, make_client, data):
    client = make_client(scripted.url)
    with client.trace_stage(None, "odd", data):
        pass
    assert client.flush(10)
    assert scripted.records[0]["attributes"] == {"data": data}
