"""Our rubric: what the judge is asked, and how strictly its reply is read."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from feedback.quality.evaluator import Request, Result
from feedback.quality.judge.failures import Invalid, JudgeError
from feedback.quality.judge.injection import flags
from feedback.quality.judge.meter import Meter
from feedback.quality.judge.open import OpenJudge
from feedback.quality.judge.quoting import Quoted, listed, quoted
from feedback.quality.judge.results import failure, judged_result
from feedback.quality.judge.session import Session
from feedback.quality.judge.strict import json_object
from feedback.quality.weights import PARTS, overall

LOWEST, HIGHEST = 1, 5
MAX_REASON = 1_000
RUBRIC = """Evaluate the answer to the question{with_sources}. Give four whole numbers from 1 (very bad) to 5 (very good):

- accuracy: {accuracy}
- completeness: does the answer cover every part of the question?
- relevance: does the answer speak about what was asked, and of little else?
- consistency: does the answer agree with itself, and reason without contradiction?

A refusal, or an answer that says it does not know, is relevant at most where the question cannot be answered.
Judge what is there, not its length or its tone.

Question:
{question}

{sources}Answer:
{answer}

Reply with exactly this JSON object, with your own numbers and one or two sentences as the reason:
{{"id": "{nonce}", "accuracy": {example}, "completeness": 3, "relevance": 3, "consistency": 3, "reason": "..."}}"""
WITH_SOURCES = "is every statement of the answer supported by the sources? Use no knowledge of your own."
WITHOUT_SOURCES = "always null, for there are no sources to hold the answer against."


def evaluate(requests: Sequence[Request], judge: OpenJudge) -> Sequence[Result]:
    """One call an answer."""

    async def all_of_them(session: Session) -> list[Result]:
        return await asyncio.gather(*(judge_one(session, request) for request in requests))

    return judge.run(all_of_them)


async def judge_one(session: Session, request: Request) -> Result:
    text, meter = quoted(request.exchange), Meter()
    details = {**flags(request.exchange), "cut": list(text.cut)}
    try:
        reply = await session.ask(messages(text), meter)
        parts, reason = read(reply.text, text)
        value, coverage = overall(parts)
        if value is None:
            raise Invalid("invalid: the judge left out more than half of the weight")
    except JudgeError as error:
        return failure(error, meter, details)
    return judged_result(value, reason, meter, details | {"coverage": round(coverage, 4)}, parts=parts)


def messages(text: Quoted) -> list[Mapping[str, str]]:
    has_sources = bool(text.passages)
    prompt = RUBRIC.format(
        nonce=text.nonce,
        with_sources=" against the sources" if has_sources else "",
        accuracy=WITH_SOURCES if has_sources else WITHOUT_SOURCES,
        example="3" if has_sources else "null",
        question=text.question,
        sources=f"{listed(text.passages)}\n\n" if has_sources else "",
        answer=text.answer,
    )
    return [{"role": "system", "content": text.rules}, {"role": "user", "content": prompt}]


def read(reply: str, text: Quoted) -> tuple[dict[str, float | None], str]:
    """The parts from 0 to 1, and the reason. Raises Invalid for whatever is not exactly the schema.

    `id` repeats the nonce of the call: a verdict that was copied out of the observed text does not know it.
    """
    found = json_object(reply)
    if set(found) != {"id", "reason", *PARTS}:
        raise Invalid("invalid: the judge's reply has other keys than those asked for")
    if found["id"] != text.nonce:
        raise Invalid("invalid: the judge's reply is not to this call")
    reason = found["reason"]
    if not isinstance(reason, str) or len(reason) > MAX_REASON:
        raise Invalid("invalid: the judge's reason is no short text")
    return {name: _part(name, found[name], is_asked=name != "accuracy" or bool(text.passages)) for name in PARTS}, reason


def _part(name: str, value: Any, *, is_asked: bool) -> float | None:
    if not is_asked:
        # Said without sources, it is not measured: whatever the judge says of it.
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not LOWEST <= value <= HIGHEST:
        raise Invalid(f"invalid: {name} is not a whole number from {LOWEST} to {HIGHEST}")
    return (value - LOWEST) / (HIGHEST - LOWEST)
