"""Does the answer speak about the question?"""

from typing import Any

from feedback.models import Source
from feedback.quality.catalogue import declare
from feedback.quality.deepeval.installed import VERSION, require
from feedback.quality.evaluator import Evaluate, Evaluator, Request
from feedback.quality.judge.quoting import Quoted

CALLS = 3


def load() -> Evaluate:
    require()
    from feedback.quality.deepeval.library import AnswerRelevancyMetric, LLMTestCase
    from feedback.quality.deepeval.measure import Measure, count_differs, evaluate_with

    def why_invalid(metric: Any, text: Quoted, request: Request) -> str:
        if not metric.statements:
            return "the judge found no statement in an answer that has words"
        return count_differs(metric.verdicts, len(metric.statements), "statements")

    return evaluate_with(
        Measure(
            lambda model, request: AnswerRelevancyMetric(threshold=request.threshold, model=model),
            lambda text: LLMTestCase(input=text.question, actual_output=text.answer),
            why_invalid,
            CALLS,
        )
    )


declare(
    Evaluator(
        name="deepeval.answer_relevancy",
        title="Answer relevancy",
        source=Source.JUDGE,
        version=f"deepeval {VERSION}.1",
        means="The share of the answer's statements that the judge calls relevant to the question; borderline ones count.",
        misses="Not whether they are true, nor whether something is missing: a short answer that says little can have 1.",
        load=load,
        threshold=0.7,
        calls=CALLS,
    )
)
