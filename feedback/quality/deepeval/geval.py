"""An operator's own criteria, in their own words: as many evaluators as a project likes."""

from collections.abc import Mapping
from typing import Any

from feedback.models import Source
from feedback.quality.catalogue import declare
from feedback.quality.deepeval.installed import VERSION, require
from feedback.quality.evaluator import Evaluate, Evaluator, Request
from feedback.quality.judge.failures import JudgeError
from feedback.quality.judge.quoting import Quoted

CALLS = 2  # 1 where the steps are given
MAX_CRITERIA, MAX_STEPS, MAX_STEP = 4_000, 10, 1_000


class WrongOptions(JudgeError):
    """The setting says nothing that could be judged by."""


def criteria_of(options: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The criteria and the steps of an evaluator's options; WrongOptions, in words for its form, if they are no such."""
    criteria, steps = options.get("criteria") or "", options.get("evaluation_steps") or []
    if not isinstance(criteria, str) or len(criteria) > MAX_CRITERIA:
        raise WrongOptions(f"The criteria are a text of at most {MAX_CRITERIA:,} characters.")
    if not isinstance(steps, list) or len(steps) > MAX_STEPS or not all(_is_step(step) for step in steps):
        raise WrongOptions(f"The steps are at most {MAX_STEPS} texts of at most {MAX_STEP:,} characters.")
    if not criteria.strip() and not steps:
        raise WrongOptions("Criteria or steps are needed: they say what is judged.")
    return criteria.strip(), [step.strip() for step in steps]


def _is_step(step: Any) -> bool:
    return isinstance(step, str) and bool(step.strip()) and len(step) <= MAX_STEP


def load() -> Evaluate:
    require()
    from feedback.quality.deepeval.library import BaseMetric, GEval, LLMTestCase, SingleTurnParams
    from feedback.quality.deepeval.measure import Measure, evaluate_with
    from feedback.quality.deepeval.model import Asked

    def metric_of(model: Asked, request: Request) -> BaseMetric:
        criteria, steps = criteria_of(request.options)
        has = {
            SingleTurnParams.INPUT: True,
            SingleTurnParams.ACTUAL_OUTPUT: True,
            SingleTurnParams.RETRIEVAL_CONTEXT: any(passage.strip() for passage in request.exchange.passages),
            SingleTurnParams.EXPECTED_OUTPUT: bool(request.exchange.reference.strip()),
        }
        return GEval(
            name="own",
            criteria=criteria or None,
            evaluation_steps=steps or None,
            evaluation_params=[name for name, is_there in has.items() if is_there],
            threshold=request.threshold,
            model=model,
        )

    def case_of(text: Quoted) -> LLMTestCase:
        return LLMTestCase(
            input=text.question,
            actual_output=text.answer,
            retrieval_context=list(text.passages) or None,
            expected_output=text.reference or None,
        )

    def why_invalid(metric: Any, text: Quoted, request: Request) -> str:
        return "" if metric.evaluation_steps else "the judge made no steps of the criteria"

    return evaluate_with(Measure(metric_of, case_of, why_invalid, CALLS))


declare(
    Evaluator(
        name="deepeval.geval",
        title="Own criteria",
        source=Source.JUDGE,
        version=f"deepeval {VERSION}.1",
        means="How well the answer meets criteria that you write, from 0 to 10, shown from 0 to 1.",
        misses="Whatever the criteria leave open, the judge decides. Write down what is good, what is bad, and an example.",
        load=load,
        threshold=0.5,
        calls=CALLS,
        is_family=True,
    )
)
