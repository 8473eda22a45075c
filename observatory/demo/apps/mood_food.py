"""F: a mood-to-food recommender: a model reads the mood, one of their own predicts the dish, another writes the answer.
Traced stages, a final decision and a model version; since the model change its predictions are less sure of themselves."""

from typing import Any

from observatory.demo import opinions
from observatory.demo.answers import GOOD, answer_to
from observatory.demo.library import Fact, subjects_of
from observatory.demo.models import GPT_4O_MINI, MOOD_WRITER, make_call
from observatory.demo.trace import StepFailedError, Trace
from observatory.demo.turns import Said, Sent, Turn

CONFIDENCE = {True: (0.84, 0.07), False: (0.71, 0.12)}  # mean and deviation before and after the change
UNSURE = 0.14  # less confidence in a flawed answer
RATED_SHARE = 0.16
VERSIONS = {True: "moodfood-2.3.1", False: "moodfood-2.4.0"}


def send(turn: Turn) -> Sent:
    rng = turn.rng
    trace = Trace(turn)
    mean, deviation = CONFIDENCE[turn.is_before_change]
    given = answer_to(turn, "mood_food")
    doubt = 0 if given.kind == GOOD else UNSURE
    confidence = round(min(0.99, max(0.2, rng.gauss(mean, deviation) - doubt)), 3)
    version = VERSIONS[turn.is_before_change]
    mood = {"mood": turn.subject.name, "intensity": round(rng.uniform(0.4, 1), 2)}
    fields: dict[str, Any]
    try:
        with trace.span("recommend", "chain", input=turn.query, **turn.labels) as top:
            read = make_call(turn, GPT_4O_MINI, instructions=280, answer=str(mood), texts=(turn.query,))
            asked = [{"role": "user", "content": turn.query}]
            trace.call(
                "understand_mood", read, turn.failure, input=asked, output=mood, prompt_name="mood", prompt_version="5"
            )
            dishes = _candidates(turn, confidence)
            trace.step("predict_dish", "tool", 12, input=mood, output=dishes, attributes={"model_version": version})
            write = make_call(turn, MOOD_WRITER, instructions=190, answer=given.text, texts=(turn.query,))
            trace.call("write_answer", write, input=asked, output=given.text, prompt_name="waiter", prompt_version="2")
            top["output"] = given.text
        fields = {
            "answer": given.text,
            "final_decision": turn.fact.extra,
            "confidence": confidence,
            "generation_ms": trace.ms_of("llm"),
            **write.tokens(),
        }
    except StepFailedError as failed:
        fields = {"error": failed.failure.as_dict()}
    interaction = {
        "id": turn.uuid(),
        "trace_id": trace.trace_id,
        "asked_at": turn.at_ms,
        "query": turn.query,
        "model": MOOD_WRITER.name,
        "provider": MOOD_WRITER.provider,
        "model_version": version,
        "latency_ms": trace.total_ms,
        "category": turn.subject.category,
        "tags": ["recommendation"],
        **turn.labels,
        **fields,
    }
    return Sent([interaction], trace.spans, said=_said(turn, interaction, given.kind, trace.at_ms))


def _said(turn: Turn, interaction: dict[str, Any], kind: str, answered_ms: float) -> list[Said]:
    if "error" in interaction:
        return []
    about = {"interaction_id": interaction["id"]}
    ratings = opinions.rating(turn, kind, about, answered_ms, share=RATED_SHARE)
    return [
        *(("explicit", body) for body in ratings),
        *(("implicit", body) for body in opinions.signals(turn, kind, about, answered_ms)),
        *(("review", body) for body in opinions.reviews(turn, kind, interaction["id"])),
    ]


def _candidates(turn: Turn, confidence: float) -> list[dict[str, Any]]:
    """The chosen dish and two it was chosen over."""
    menu: list[Fact] = [fact for subject in subjects_of("mood_food") for fact in subject.facts if fact is not turn.fact]
    second, third = turn.rng.sample(menu, 2)
    rest = 1 - confidence
    chosen = ((turn.fact, confidence), (second, rest * 0.6), (third, rest * 0.4))
    return [{"dish": fact.extra, "probability": round(share, 3)} for fact, share in chosen]
