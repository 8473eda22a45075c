"""DeepEval's metrics run by ourselves: one metric object for each verdict, all of a group in one event loop.

Its `evaluate` prints, shares state between runs and counts calls by answers; `a_measure` does none of these.
"""

import asyncio
import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from feedback.quality.deepeval.library import BaseMetric, LLMTestCase
from feedback.quality.deepeval.model import Asked
from feedback.quality.evaluator import Evaluate, Request, Result
from feedback.quality.judge.failures import Busy, Invalid, JudgeError
from feedback.quality.judge.injection import flags
from feedback.quality.judge.meter import Meter
from feedback.quality.judge.open import OpenJudge
from feedback.quality.judge.quoting import Quoted, quoted
from feedback.quality.judge.results import failure, judged_result
from feedback.quality.judge.session import ATTEMPTS, Session

logger = logging.getLogger(__name__)

LONGEST_S = 900.0
MOST_KEPT, MAX_KEPT = 20, 300  # verdicts of a score's details, and characters of each


@dataclass(frozen=True, slots=True)
class Measure:
    """How one metric is made, what it is given, and what it must have found: DeepEval scores 1 where a judge says nothing.

    `why_invalid` says why the finished metric is no score; empty if it is one.
    """

    metric: Callable[[Asked, Request], BaseMetric]
    case: Callable[[Quoted], LLMTestCase]
    why_invalid: Callable[[Any, Quoted, Request], str]
    calls: int


def evaluate_with(measure: Measure) -> Evaluate:
    def evaluate(requests: Sequence[Request], judge: OpenJudge) -> Sequence[Result]:
        async def all_of_them(session: Session) -> list[Result]:
            return await asyncio.gather(*(_one(measure, session, request) for request in requests))

        return judge.run(all_of_them)

    return evaluate


async def _one(measure: Measure, session: Session, request: Request) -> Result:
    text, meter = quoted(request.exchange), Meter()
    details: dict[str, Any] = {**flags(request.exchange), "cut": list(text.cut)}
    try:
        metric = await _measured(measure, session, request, text, meter)
    except JudgeError as error:
        return failure(error, meter, details)
    return judged_result(float(metric.score), metric.reason or "", meter, details | {"verdicts": verdicts_of(metric)})


async def _measured(measure: Measure, session: Session, request: Request, text: Quoted, meter: Meter) -> Any:
    """The finished metric; a JudgeError whatever went wrong."""
    patience = min(LONGEST_S, measure.calls * ATTEMPTS * session.endpoint.timeout_s)
    try:
        metric: Any = measure.metric(Asked(session, meter, text.rules), request)
        await asyncio.wait_for(metric.a_measure(measure.case(text), _show_indicator=False), patience)
    except JudgeError:
        raise
    except TimeoutError:
        raise Busy(f"No verdict within {patience:g} s") from None
    except Exception as error:
        # DeepEval has many ways to stumble over a reply, none of which is a verdict.
        logger.warning("DeepEval failed with %s", type(error).__name__, exc_info=True)
        raise Invalid(f"invalid: DeepEval failed with {type(error).__name__}") from error
    reason = measure.why_invalid(metric, text, request) or _why_no_score(metric.score)
    if reason:
        raise Invalid(f"invalid: {reason}")
    return metric


def _why_no_score(score: Any) -> str:
    is_number = isinstance(score, int | float) and not isinstance(score, bool) and math.isfinite(score)
    return "" if is_number and 0 <= score <= 1 else "the score is not between 0 and 1"


def verdicts_of(metric: Any) -> list[dict[str, str]]:
    """The single verdicts of which the score is made."""
    found = getattr(metric, "verdicts", None) or []
    return [
        {"verdict": str(one.verdict), "reason": (getattr(one, "reason", None) or "")[:MAX_KEPT]} for one in found[:MOST_KEPT]
    ]


def case_of_retrieval(text: Quoted) -> LLMTestCase:
    """For metrics that hold what was found against the reference answer."""
    return LLMTestCase(
        input=text.question,
        actual_output=text.answer,
        expected_output=text.reference,
        retrieval_context=list(text.passages),
    )


def count_differs(verdicts: Sequence[Any], wanted: int, of_what: str) -> str:
    """DeepEval takes the share of the verdicts that it was given: with one too few it is a share of something else."""
    if len(verdicts) == wanted:
        return ""
    return f"the judge gave {len(verdicts)} verdict{'s' * (len(verdicts) != 1)} on {wanted} {of_what}"
