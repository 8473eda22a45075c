"""Asking a judge once, to see whether it is connected. Imported when somebody does, so pages stay light."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic

from feedback.models import Judge
from feedback.quality.judge.budget import budget_of
from feedback.quality.judge.failures import JudgeError
from feedback.quality.judge.meter import Meter
from feedback.quality.judge.open import OpenJudge, endpoint_of
from feedback.quality.judge.session import Session
from feedback.quality.judge.strict import json_object

TRIAL_S = 10.0
QUESTION = 'Reply with exactly this JSON object and nothing else: {"id": "ready"}'


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of asking the judge once."""

    is_good: bool
    said: str
    seconds: float = 0.0


def try_out(judge: Judge, *, now: datetime) -> Trial:
    """Ask the judge for one small object, once, for ten seconds at most. It counts in the day's budget."""
    meter, began = Meter(), monotonic()

    async def once(session: Session) -> str:
        async with asyncio.timeout(TRIAL_S):
            reply = await session.ask([{"role": "user", "content": QUESTION}], meter, attempts=1)
        return reply.text

    try:
        endpoint = replace(endpoint_of(judge), timeout_s=min(TRIAL_S, judge.timeout_s))
        said = json_object(OpenJudge(judge.project_id, endpoint, budget_of(judge, now=now)).run(once))
    except TimeoutError:
        return Trial(False, f"No answer within {TRIAL_S:g} s", monotonic() - began)
    except JudgeError as error:
        return Trial(False, f"{error}. It said: {error.said}" if error.said else str(error), monotonic() - began)
    if said != {"id": "ready"}:
        return Trial(False, "It answered, but not with the object it was asked for.", monotonic() - began)
    counted = "" if meter.input_tokens is None else f", {meter.input_tokens} + {meter.output_tokens or 0} tokens"
    priced = "" if meter.cost_usd is None or meter.input_tokens is None else f", {meter.cost_usd:.6f} USD"
    return Trial(True, f"It answered as asked{counted}{priced}.", monotonic() - began)
