"""M: a RAG assistant that runs two models side by side. Traces only: embedding, retriever, model."""

from observatory.demo import opinions
from observatory.demo.answers import answer_to
from observatory.demo.library import passages_for, subjects_of
from observatory.demo.models import HAIKU, OPENAI_EMBEDDING, SONNET, make_call, tokens_in
from observatory.demo.trace import StepFailedError, Trace
from observatory.demo.turns import Sent, Turn

INSTRUCTIONS = 1_080
SONNET_SHARE = 0.3
RATED_SHARE = 0.1


def send(turn: Turn) -> Sent:
    trace = Trace(turn)
    passages = passages_for(turn.subject, turn.fact, subjects_of("rag_assistant"), count=5, rng=turn.rng)
    model = SONNET if turn.rng.random() < SONNET_SHARE else HAIKU
    given = answer_to(turn, "rag_assistant")
    answer = given.text if model is HAIKU else f"{given.text} This is explained in the {turn.subject.source}."
    root = {"input": {"question": turn.query}, "tags": ["advice", turn.subject.category], **turn.labels}
    try:
        with trace.span("ask", "chain", **root) as top:
            size = tokens_in(turn.query)
            trace.step("embed_question", "embedding", 70, input=turn.query, input_tokens=size, **OPENAI_EMBEDDING)
            trace.step("search_guides", "retriever", 45, input=turn.query, documents=passages)
            texts = (turn.query, *(one["text"] for one in passages))
            call = make_call(turn, model, instructions=INSTRUCTIONS, answer=answer, texts=texts)
            messages = [{"role": "user", "content": turn.query}]
            prompt = {"prompt_name": "home-adviser", "prompt_version": "4"}
            trace.call("claude", call, turn.failure, input=messages, output=answer, **prompt)
            top["output"] = {"answer": answer}
    except StepFailedError:
        return Sent(spans=trace.spans)  # they say so themselves
    about = {"trace_id": trace.trace_id}
    ratings = opinions.rating(turn, given.kind, about, trace.at_ms, share=RATED_SHARE)
    checked = opinions.self_check(turn, given.kind, about, trace.at_ms)
    return Sent(spans=trace.spans, said=[*(("explicit", body) for body in ratings), ("score", checked)])
