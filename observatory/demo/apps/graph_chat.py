"""L: a LangGraph chat with a vector store. Traces without native interactions, and structured events for every third
session (debug logging is not on everywhere)."""

from typing import Any

from observatory.demo import opinions
from observatory.demo.answers import answer_to
from observatory.demo.library import passages_for, subjects_of
from observatory.demo.models import GPT_4O_MINI, GPT_41_MINI, O4_MINI, OPENAI_EMBEDDING, Model, make_call, tokens_in
from observatory.demo.trace import StepFailedError, Trace
from observatory.demo.turns import Sent, Turn

INSTRUCTIONS = 1_150
THUMBS_SHARE = 0.12
TOOLS = {
    "performance": ("run_explain", {"statement": "SELECT * FROM orders WHERE customer_id = $1"}, "Index Scan, 0.31 ms"),
    "account": ("get_usage", {"project": "acme-prod", "days": 30}, {"compute_hours": 412.6, "storage_gb": 38.2}),
    "connections": ("list_connections", {"project": "acme-prod"}, {"direct": 187, "pooled": 1240}),
    "scaling": ("replication_lag", {"project": "acme-prod"}, {"eu-west": "12 ms"}),
}


def send(turn: Turn) -> Sent:
    rng = turn.rng
    trace = Trace(turn)
    passages = passages_for(turn.subject, turn.fact, subjects_of("graph_chat"), count=4, rng=rng)
    model = O4_MINI if rng.random() < 0.06 else GPT_4O_MINI if turn.is_before_change else GPT_41_MINI
    root: dict[str, Any] = {
        "input": {"messages": [{"role": "user", "content": turn.query}]},
        "tags": ["support", turn.subject.category],
    }
    failed = False
    try:
        with trace.span("LangGraph", "chain", **root, **turn.labels) as top:
            _graph(trace, turn, passages, model)
            top["output"] = {"messages": [{"role": "assistant", "content": _answer(turn)}]}
    except StepFailedError:
        failed = True
    is_logged = int(turn.session_id[-2:], 16) % 3 == 0
    events = _events(trace, model, failed) if is_logged else []
    thumbs = opinions.thumb(
        turn, answer_to(turn, "graph_chat").kind, {"trace_id": trace.trace_id}, trace.at_ms, share=THUMBS_SHARE
    )
    return Sent(spans=trace.spans, events=events, said=[] if failed else [("explicit", body) for body in thumbs])


def _graph(trace: Trace, turn: Turn, passages: list[dict[str, Any]], model: Model) -> None:
    with trace.span("agent", "agent", attributes={"langgraph_step": 1}):
        route = make_call(turn, model, instructions=310, answer='{"next": "search"}', texts=(turn.query,))
        asked = [{"role": "user", "content": turn.query}]
        trace.call("route", route, input=asked, output='{"next": "search"}', prompt_name="router", prompt_version="3")
        with trace.span("search_docs", "retriever", input=turn.query, documents=passages, attributes={"store": "pgvector"}):
            size = tokens_in(turn.query)
            trace.step("embed", "embedding", 85, input=turn.query, input_tokens=size, **OPENAI_EMBEDDING)
            trace.wait(31)
        if turn.subject.category in TOOLS and turn.rng.random() < 0.6:
            name, arguments, result = TOOLS[turn.subject.category]
            trace.step(name, "tool", 140, input=arguments, output=result)
        texts = (turn.query, *(one["text"] for one in passages))
        call = make_call(turn, model, instructions=INSTRUCTIONS, answer=_answer(turn), texts=texts)
        version = "11" if turn.is_before_change else "12"
        prompt = {"prompt_name": "support-answer", "prompt_version": version}
        trace.call("generate", call, turn.failure, input=asked, output=_answer(turn), **prompt)


def _answer(turn: Turn) -> str:
    text = answer_to(turn, "graph_chat").text
    return text if turn.is_before_change else f"{text}\n\nMore: {turn.subject.source}"


def _events(trace: Trace, model: Model, failed: bool) -> list[dict[str, Any]]:
    """The structured events of the graph, at the times of its spans."""
    spans = {span["name"]: span for span in trace.spans}
    top, search, answer = spans["LangGraph"], spans["search_docs"], spans["generate"]
    done = {"tokens": answer.get("output_tokens"), "model": model.name}
    told: list[tuple[str, float, str, dict[str, Any]]] = [
        ("chat.message", top["started_at"], "chat", {"length": len(trace.turn.query)}),
        ("graph.node.enter", search["started_at"], "search_docs", {}),
        ("vector.search", _end(search), "vector_store", {"duration_ms": search["duration_ms"], "results": 4}),
        ("graph.node.exit", _end(search), "search_docs", {"duration_ms": search["duration_ms"]}),
        ("graph.state.update", _end(search), "graph", {"keys": ["documents"]}),
        ("llm.request", answer["started_at"], "generate", {"model": model.name, "tokens": answer.get("input_tokens")}),
    ]
    if failed:
        told.append(("llm.error", _end(answer), "generate", {"error": answer["error"], "model": model.name}))
    else:
        told.append(("llm.response", _end(answer), "generate", {"duration_ms": answer["duration_ms"], **done}))
        told.append(("chat.complete", _end(top), "chat", {"duration_ms": top["duration_ms"]}))
    request = {"method": "POST", "endpoint": "/chat/{thread_id}", "status_code": 502 if failed else 200, "user_type": "user"}
    told.append(("http.request", _end(top), "api", {**request, "duration_ms": top["duration_ms"] + 4.0}))
    if trace.turn.place == 0:
        told.insert(0, ("chat.start", top["started_at"], "chat", {}))
    return [_event(trace, number, *one) for number, one in enumerate(told)]


def _event(trace: Trace, number: int, kind: str, at_ms: float, component: str, data: dict[str, Any]) -> dict[str, Any]:
    turn = trace.turn
    return {
        "id": f"{trace.trace_id}-{number}",
        "type": kind,
        "timestamp": at_ms,
        "trace_id": trace.trace_id,
        "thread_id": turn.session_id,
        "user_id": turn.user_id,
        "component": component,
        "memory_usage": round(180e6 + turn.place * 2.5e6 + number * 1e5),
        **data,
    }


def _end(span: dict[str, Any]) -> float:
    return span["started_at"] + span["duration_ms"]
