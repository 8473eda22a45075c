"""Do the sources bear out what the answer claims?"""

from typing import Any

from feedback.models import Source
from feedback.quality.catalogue import declare
from feedback.quality.deepeval.installed import VERSION, require
from feedback.quality.evaluator import Evaluate, Evaluator, Needs, Request
from feedback.quality.judge.quoting import Quoted

CALLS = 4


def load() -> Evaluate:
    require()
    from feedback.quality.deepeval.library import FaithfulnessMetric, LLMTestCase
    from feedback.quality.deepeval.measure import Measure, count_differs, evaluate_with

    def why_invalid(metric: Any, text: Quoted, request: Request) -> str:
        if not metric.truths:
            return "the judge found no fact in sources that have words"
        if not metric.claims:
            return "the judge found no claim in an answer that has words"
        return count_differs(metric.verdicts, len(metric.claims), "claims")

    return evaluate_with(
        Measure(
            lambda model, request: FaithfulnessMetric(threshold=request.threshold, model=model),
            lambda text: LLMTestCase(input=text.question, actual_output=text.answer, retrieval_context=list(text.passages)),
            why_invalid,
            CALLS,
        )
    )


declare(
    Evaluator(
        name="deepeval.faithfulness",
        title="Faithfulness",
        source=Source.JUDGE,
        version=f"deepeval {VERSION}.1",
        means="The share of the answer's claims that do not contradict the sources, as the judge sees it.",
        misses="Claims that the sources neither bear out nor contradict count as faithful. Nor whether these are right.",
        load=load,
        needs=(Needs.PASSAGES,),
        threshold=0.8,
        calls=CALLS,
    )
)
